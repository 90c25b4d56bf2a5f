using System.Globalization;
using PgAutoFailover.Core.Forecasts;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Explanations;

/// <summary>What each node of a group waits for, and what ends that.</summary>
internal static class Waiting
{
    public static IEnumerable<Wait> In(GroupView group, MonitorSettings settings, Clock clock) =>
        group.Nodes.SelectMany(n => OfNode(n, group, settings, clock));

    /// <summary>What everybody who writes waits for, where too few standbys are there to acknowledge it.</summary>
    public static IEnumerable<Wait> ForAcknowledgements(GroupView group, NodeView? leader, MonitorSettings settings)
    {
        if (leader?.Evidence.StreamingStandbys is { } streaming
            && group.Terms.Where(t => t.LeaderId == leader.Id).ToList() is [{ Standbys: var (required, _) }] && streaming < required)
        {
            yield return new(
                $"Nobody's commit is acknowledged: {leader} needs {required} of its standbys for that, and {streaming} {(streaming == 1 ? "streams" : "stream")} from it.",
                group.Formation.NumberSyncStandbys > 0
                    ? $"A standby that comes back ends this. {Blockage.HowToWaitForFewer(group, streaming)} does, too: then fewer nodes hold what is committed."
                    : $"A standby that comes back ends this; otherwise the primary is told to go on alone once they have not received for {Seconds(settings.ReplicationStallTimeout)}.");
        }
    }

    private static IEnumerable<Wait> OfNode(NodeView node, GroupView group, MonitorSettings settings, Clock clock)
    {
        // Where PostgreSQL is not to run, that it does not is no news.
        var mayBeStopped = node.Reported.HasStopped() || node.Reported.IsMaintenance();
        var why = mayBeStopped ? NodeJudgement.WhyLost(node, group, settings, clock) : NodeJudgement.WhyUnhealthy(node, group, settings, clock);
        if (why is not null)
        {
            yield return new($"{node} is unhealthy: {why}.", node.PgIsRunning || mayBeStopped
                ? $"Its next report ends this: start \"pg_autoctl run\" there, or mend the network between it and the monitor. \"{Drop(node, group)}\" gives it up."
                : "PostgreSQL coming up there ends this: its log, and that of its keeper, tell why it does not.");
        }
        else if (Presence.IsAway(node, group, settings, clock))
        {
            yield return new($"{node} has not reported for {Seconds(clock.Now - node.ReportedAt)}.",
                $"Its next report ends this; after {Seconds(settings.NodeConsideredUnhealthyTimeout)} of silence it counts as lost if health checks fail, too.");
        }

        if (group.IsRestored)
        {
            yield break;
        }

        if (node.Goal != node.Reported)
        {
            yield return OfGoal(node, clock);
        }
        else if (OfState(node, group) is { } wait)
        {
            yield return wait;
        }
    }

    private static Wait OfGoal(NodeView node, Clock clock)
    {
        var row = KeeperTransitions.Find(node.Reported, node.Goal);
        var what = $"{node} is {node.Reported.ToWire()} and was told {Seconds(clock.Now - node.StateChangedAt)} ago to become {node.Goal.ToWire()}.";
        return new(what, row is null
            ? "Its keeper knows no way there: another goal ends this."
            : $"Its keeper's report of {node.Goal.ToWire()} ends this ({row.Why.ToLowerInvariant()}; steps: {(row.Steps is [] ? "none" : string.Join(", ", row.Steps))}).");
    }

    private static Wait? OfState(NodeView node, GroupView group) => node.Reported switch
    {
        NodeState.Maintenance => new($"{node} is in maintenance.", "\"pg_autoctl disable maintenance\" there ends this, and nothing else does."),
        NodeState.WaitStandby => new($"{node} waits to copy a primary.", "A primary that has made room for it ends this."),
        NodeState.CatchingUp => CatchingUp(node),
        NodeState.WaitPrimary when group.Live.Length > 1 => new(
            $"{node} commits without a standby.", "A healthy secondary of the quorum ends this."),
        NodeState.ReportLsn => new($"{node} has said how far it has got, and waits for the others.", "An election that can be decided ends this, or a primary that comes back."),
        NodeState.Demoted => new($"{node} was stopped, and waits for a primary to follow.", "A healthy primary ends this."),
        _ => null,
    };

    private static Wait CatchingUp(NodeView node)
    {
        const string End = "That it streams from the primary, on its timeline and within enable_sync_wal_log_threshold, ends this";
        return node.Evidence is { KeeperVersion: not null, WalReceiver: null or { Streaming: false } or { WritesNothing: true } }
            ? new($"{node} is catching up, and does not receive anything now.", $"{End}. PostgreSQL's own log there says what keeps it from that: a full disk, a password, a rule of pg_hba.conf on the primary.")
            : new($"{node} is catching up.", $"{End}.");
    }

    private static string Drop(NodeView node, GroupView group) => $"pg_autoctl drop node --formation {group.Formation.Id} --name {node.Name} --force";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
