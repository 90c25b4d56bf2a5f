using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>A named condition, so that a row of the table can be printed.</summary>
public sealed record Condition(string Name, Func<Situation, bool> Holds);

/// <summary>Which nodes a rule gives a goal to.</summary>
public sealed record Subject(string Name, Func<Situation, IEnumerable<NodeView>> Find);

/// <summary>One goal that a rule assigns.</summary>
public sealed record Effect(Subject Subject, NodeState Goal);

/// <summary>
/// One row of the monitor's table. Rows are tried in order for one node; the first whose conditions all hold ends the search,
/// whether it assigns something or not.
/// </summary>
public sealed record GroupRule
{
    /// <summary>Stable: follows the decision into the event, the log and the API. Ids increase down the table and leave gaps.</summary>
    public required int Id { get; init; }

    /// <summary>Short name for people.</summary>
    public required string Name { get; init; }

    public required ImmutableArray<Condition> When { get; init; }

    public ImmutableArray<Effect> Then { get; init; } = [];

    /// <summary>New candidate priorities (node id, priority).</summary>
    public Func<Situation, IEnumerable<(long NodeId, int Priority)>> Priorities { get; init; } = _ => [];

    /// <summary>The row deletes A.</summary>
    public bool RemovesA { get; init; }

    /// <summary>Why, continuing the sentence "Setting goal state of … to …".</summary>
    public Func<Situation, string> Why { get; init; } = _ => "";

    /// <summary>Why the row is there: for the generated document.</summary>
    public required string Rationale { get; init; }

    public bool Matches(Situation situation)
    {
        foreach (var condition in When)
        {
            if (!condition.Holds(situation))
            {
                return false;
            }
        }

        return true;
    }
}
