using System.Globalization;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Cli.Explain;

/// <summary>Something that happened in a failover.</summary>
/// <param name="Rule">The rule or operation that decided it; null for what was merely reported.</param>
internal sealed record StoryStep(DateTimeOffset At, string Text, int? Rule);

/// <summary>How a failover ended.</summary>
internal enum StoryEnd
{
    /// <summary>It has not.</summary>
    UnderWay,

    /// <summary>A node was promoted.</summary>
    Promoted,

    /// <summary>Nobody was; the old primary goes on.</summary>
    CalledOff,
}

/// <summary>
/// A group's last failover as its events tell it: which decision began it, what followed, and by which proof somebody was promoted.
/// </summary>
internal sealed record FailoverStory(IReadOnlyList<StoryStep> Steps, StoryEnd End)
{
    /// <summary>As many events as a failover with its quarrels can have, many times over.</summary>
    public const int EventsToRead = 500;

    // Rules and operations that begin a failover; those that only belong to one; and those that end it. docs/state-machine.md has each rule.
    private static readonly int[] s_begins = [105, 106, 107, 109, 111, 305, 325, 327];
    private static readonly int[] s_belongs = [311, 312, 313, 339, 350, 367, 369, 375, 377];
    private static readonly int[] s_promotes = [337, 347, 349, 371];
    private static readonly int[] s_callsOff = [351, 353];

    /// <summary>The row of the monitor's table that ended it: its rationale is the proof.</summary>
    public GroupRule? Proof => End == StoryEnd.UnderWay ? null : RuleOf(Steps.LastOrDefault(s => s.Rule is { } id && (s_promotes.Contains(id) || s_callsOff.Contains(id))));

    /// <summary>Finds the last one among the events of a group, the oldest first. Null where there is none.</summary>
    public static FailoverStory? Last(IEnumerable<EventRow> events)
    {
        List<StoryStep>? steps = null;
        var end = StoryEnd.UnderWay;

        // A decision about several nodes is an event for each of them, in one transaction.
        foreach (var step in events.Select(StepOf).Distinct())
        {
            var begins = step.Rule is { } id && (s_begins.Contains(id) || ((steps is null || end != StoryEnd.UnderWay) && IsPart(id)));
            if (begins)
            {
                (steps, end) = ([], StoryEnd.UnderWay);
            }

            if (end == StoryEnd.UnderWay)
            {
                steps?.Add(step);
                end = step.Rule is not { } rule ? end : s_promotes.Contains(rule) ? StoryEnd.Promoted : s_callsOff.Contains(rule) ? StoryEnd.CalledOff : end;
            }
        }

        return steps is null ? null : new FailoverStory(steps, end);
    }

    /// <summary>The row of the table that a step was decided by; null for an operation, and for a report.</summary>
    public static GroupRule? RuleOf(StoryStep? step) => GroupRuleTable.Table.FirstOrDefault(r => r.Id == step?.Rule);

    private static bool IsPart(int rule) => s_belongs.Contains(rule) || s_promotes.Contains(rule) || s_callsOff.Contains(rule);

    private static StoryStep StepOf(EventRow row)
    {
        const string Mark = " [rule ";
        var mark = row.Description.EndsWith(']') ? row.Description.LastIndexOf(Mark, StringComparison.Ordinal) : -1;
        return mark >= 0 && int.TryParse(row.Description.AsSpan(mark + Mark.Length, row.Description.Length - mark - Mark.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var rule)
            ? new StoryStep(row.At, row.Description[..mark], rule)
            : new StoryStep(row.At, row.Description, Rule: null);
    }
}
