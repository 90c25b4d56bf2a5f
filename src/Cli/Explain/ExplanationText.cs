using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Explain;

/// <summary>Writes what the monitor explains, and the story of the last failover, for a person.</summary>
internal static class ExplanationText
{
    // The goal of a node whose group was restored from a backup, until it is settled.
    private static readonly string Undecided = NodeState.Unknown.ToWire();

    public static string Of(JsonNode explanation, FailoverStory? story)
    {
        var text = new StringBuilder();
        Head(text, $"Formation \"{Text(explanation, "formation")}\", group {Text(explanation, "group")}");
        Line(text, Text(explanation, "summary"));
        foreach (var node in Items(explanation, "nodes"))
        {
            var (reported, goal) = (Text(node, "reported_state"), Text(node, "goal_state"));
            Line(text, $"  {Text(node, "node_name")}: {reported}{(goal == reported || goal == Undecided ? "" : $", to become {goal}")}");
        }

        AppendWaits(text, explanation);
        AppendStory(text, story);
        Head(text, "If a node were lost now");
        var forecasts = Items(explanation, "if_lost").ToList();
        foreach (var forecast in forecasts)
        {
            Line(text, $"{Text(forecast, "node_name")}: {Text(forecast, "sentence").TrimEnd()}");
        }

        if (forecasts.Count == 0)
        {
            Line(text, "nothing would be decided as things are");
        }

        return text.ToString();
    }

    private static void AppendWaits(StringBuilder text, JsonNode explanation)
    {
        Head(text, "Waiting for");
        if (explanation["blocked"]?.GetValue<string>() is { } blocked)
        {
            Line(text, blocked);
        }

        if (explanation["loss"]?.GetValue<string>() is { } loss)
        {
            Line(text, $"\"perform failover --allow-data-loss\" would give something up: {loss}.");
        }

        var waits = Items(explanation, "waits").ToList();
        foreach (var wait in waits)
        {
            Line(text, $"{Text(wait, "what")} {Text(wait, "until")}");
        }

        foreach (var decision in Items(explanation, "next"))
        {
            Line(text, $"  then rule {Text(decision, "rule")}: {Text(decision, "message")}");
        }

        if (waits.Count == 0 && explanation["blocked"] is null)
        {
            Line(text, "nothing");
        }
    }

    private static void AppendStory(StringBuilder text, FailoverStory? story)
    {
        Head(text, "The last failover");
        if (story is not { Steps: [var first, ..] })
        {
            Line(text, "none that the events tell of");
            return;
        }

        Line(text, string.Create(CultureInfo.InvariantCulture, $"{first.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
        foreach (var step in story.Steps)
        {
            var rule = step.Rule is { } id ? $" [{RuleName(id, step)}]" : "";
            Line(text, string.Create(CultureInfo.InvariantCulture, $"  +{(step.At - first.At).TotalSeconds:F1} s  {step.Text}{rule}"));
        }

        Line(text, story.End switch
        {
            StoryEnd.Promoted => $"A node was promoted. {story.Proof?.Rationale}",
            StoryEnd.CalledOff => $"It was called off: nobody was promoted. {story.Proof?.Rationale}",
            _ => "It has not ended yet.",
        });
    }

    private static string RuleName(int id, StoryStep step) => FailoverStory.RuleOf(step) is { } rule ? $"rule {id}, {rule.Name}" : $"operation {id}, asked for by an operator";

    private static void Head(StringBuilder text, string title) => text.Append(text.Length == 0 ? "" : "\n").Append(title).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append("  ").Append(line).Append('\n');

    private static IEnumerable<JsonNode> Items(JsonNode node, string name) => node[name]?.AsArray().OfType<JsonNode>() ?? [];

    private static string Text(JsonNode node, string name) => node[name]?.ToString() ?? "";
}
