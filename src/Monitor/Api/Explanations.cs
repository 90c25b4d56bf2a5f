using System.Text.Json;
using PgAutoFailover.Core.Explanations;
using PgAutoFailover.Core.Forecasts;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Monitor.Settings;

namespace PgAutoFailover.Monitor.Api;

/// <summary><c>pgautofailover.explain</c>: why a group is as it is, and what would become of it. Reads memory, changes nothing.</summary>
internal sealed class Explanations(GroupRegistry groups, SettingsSource settings)
{
    public ServiceReply Explain(RequestArguments a)
    {
        var (formationId, groupId, name) = (a.Text("formation_id"), a.Int("group_id"), a.TextOrNull("if_lost"));
        if (groups.Find(formationId, groupId)?.View is not { } group)
        {
            return ServiceReply.Refused(new(
                ApiError.UndefinedObject, $"formation \"{formationId}\" has no group {groupId}", Hint: "\"pg_autoctl show state\" lists formations and groups"));
        }

        if (name is not null && group.Live.All(n => n.Name != name))
        {
            return ServiceReply.Refused(new(
                ApiError.UndefinedObject, $"group {groupId} of formation \"{formationId}\" has no node \"{name}\"", Hint: "\"pg_autoctl show state\" lists the nodes"));
        }

        var clock = groups.Clock.Read();
        var explanation = Explanation.Of(group, group.Live.FirstOrDefault(n => n.Name == name)?.Id, settings.Current, clock);
        return ReplyJson.Record(w => Write(w, group, explanation, clock.Now));
    }

    private static void Write(Utf8JsonWriter w, GroupView group, Explanation explanation, TimeSpan now)
    {
        w.WriteString("formation", group.Formation.Id);
        w.WriteNumber("group", group.GroupId);
        w.WriteString("summary", explanation.Summary);
        WriteNode(w, "leader", explanation.Leader);
        WriteAll(w, "nodes", group.Nodes, n => WriteState(w, n, now));
        WriteAll(w, "waits", explanation.Waits, wait =>
        {
            w.WriteString("what", wait.What);
            w.WriteString("until", wait.Until);
        });
        w.WriteString("blocked", explanation.Blocked);
        w.WriteString("loss", explanation.Loss);
        WriteDecisions(w, "next", explanation.Next);
        WriteAll(w, "if_lost", explanation.IfLost, f => WriteForecast(w, f, group));
    }

    private static void WriteState(Utf8JsonWriter w, NodeView node, TimeSpan now)
    {
        WriteIdentity(w, node);
        w.WriteString("reported_state", node.Reported.ToWire());
        w.WriteString("goal_state", node.Goal.ToWire());
        w.WriteBoolean("postgres_is_running", node.PgIsRunning);
        w.WriteNumber("health", (int)node.Health);
        w.WriteNumber("seconds_since_report", Math.Round((now - node.ReportedAt).TotalSeconds, 1));
    }

    private static void WriteForecast(Utf8JsonWriter w, Forecast forecast, GroupView group)
    {
        WriteIdentity(w, forecast.Lost!); // each of these is about the loss of a node of this group
        w.WriteString("sentence", ForecastText.Of(forecast, group));
        WriteOutcome(w, forecast);
        w.WriteBoolean("certain", forecast.IsCertain);
        WriteAll(w, "otherwise", forecast.Otherwise, o => WriteOutcome(w, o));
        WriteAll(w, "taken_to_stay_away", forecast.Away, n => WriteIdentity(w, n));
    }

    private static void WriteOutcome(Utf8JsonWriter w, Forecast forecast)
    {
        WriteNode(w, "leader", forecast.Leader);
        WriteAll(w, "or_else", forecast.OrElse, n => WriteIdentity(w, n));
        w.WriteString("acknowledged_writes", forecast.Writes switch
        {
            WriteFate.Kept => "kept",
            WriteFate.MayBeLost => "may_be_lost",
            _ => "out_of_reach",
        });
        w.WriteBoolean("commits_wait", forecast.CommitsWait);
        if (forecast.Within is { } within)
        {
            w.WriteNumber("within_seconds", Math.Ceiling(within.TotalSeconds));
        }
        else
        {
            w.WriteNull("within_seconds");
        }

        WriteDecisions(w, "decisions", forecast);
    }

    private static void WriteDecisions(Utf8JsonWriter w, string name, Forecast forecast) => WriteAll(w, name, forecast.Decisions, d =>
    {
        w.WriteNumber("rule", d.RuleId);
        w.WriteString("message", d.Message);
    });

    private static void WriteNode(Utf8JsonWriter w, string name, NodeView? node)
    {
        if (node is null)
        {
            w.WriteNull(name);
            return;
        }

        w.WriteStartObject(name);
        WriteIdentity(w, node);
        w.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter w, NodeView node)
    {
        w.WriteNumber("node_id", node.Id);
        w.WriteString("node_name", node.Name);
        w.WriteString("node_host", node.Host);
        w.WriteNumber("node_port", node.Port);
    }

    private static void WriteAll<T>(Utf8JsonWriter w, string name, IEnumerable<T> items, Action<T> members)
    {
        w.WriteStartArray(name);
        foreach (var item in items)
        {
            w.WriteStartObject();
            members(item);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }
}
