using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Output;

/// <summary>The keeper's whole table in the language of graphviz: a node for each state, an edge for each row.</summary>
internal static class TransitionGraph
{
    public static void Write(TextWriter writer)
    {
        writer.WriteLine("digraph finite_state_machine");
        writer.WriteLine("{");
        writer.WriteLine("    size=\"12\"");
        writer.WriteLine("    ratio=\"fill\"");
        writer.WriteLine("    node [shape = doubleoctagon, style=filled, color=\"bisque1\"]; init primary secondary; ");
        writer.WriteLine("    node [shape = octagon, style=filled color=\"bisque3\"]; ");
        foreach (var row in KeeperTransitions.Table)
        {
            // Graphviz reads a bare # as the beginning of something else.
            writer.WriteLine($"    {row.From?.ToWire() ?? $"\"{ReachableStates.AnyState}\""} -> {row.To.ToWire()} [ label = \"{row.Why}\" ];");
        }

        writer.WriteLine("}");
    }
}
