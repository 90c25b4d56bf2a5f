using System.Text.Json.Nodes;

namespace PgAutoFailover.Cli.Explain;

/// <summary>The monitor's explanation with the story of the last failover.</summary>
internal static class ExplanationJson
{
    public static JsonNode With(JsonNode explanation, FailoverStory? story)
    {
        explanation["last_failover"] = story is null ? null : new JsonObject
        {
            ["end"] = story.End switch
            {
                StoryEnd.Promoted => "promoted",
                StoryEnd.CalledOff => "called_off",
                _ => "under_way",
            },
            ["proof_rule"] = story.Proof?.Id,
            ["proof"] = story.Proof?.Rationale,
            ["steps"] = new JsonArray([.. story.Steps.Select(s => (JsonNode)new JsonObject
            {
                ["time"] = s.At.UtcDateTime.ToString("O"),
                ["rule"] = s.Rule,
                ["rule_name"] = FailoverStory.RuleOf(s)?.Name,
                ["message"] = s.Text,
            })]),
        };
        return explanation;
    }
}
