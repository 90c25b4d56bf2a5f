using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Output;

/// <summary>The table of <c>do fsm list</c>: where a keeper can go from a state.</summary>
internal static class ReachableStates
{
    /// <summary>Stands for the current state in rows that fit each.</summary>
    public const string AnyState = "#any state#";

    public static void Write(TextWriter writer, NodeState current)
    {
        var table = new TextTable(
            new Column("Current", 20),
            new Column("Reachable", 20),
            new Column("Comment", 0, Alignment.Ragged, Separator: 21));
        table.Write(writer, KeeperTransitions.Table
            .Where(t => t.From is null || t.From == current)
            .Select(t => new[] { t.From?.ToWire() ?? AnyState, t.To.ToWire(), t.Why }));
        writer.WriteLine();
    }
}
