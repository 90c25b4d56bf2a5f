using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Watch;

/// <summary>What the monitor knows of a formation at one moment.</summary>
/// <param name="NumberSyncStandbys">Null where the formation is gone.</param>
/// <param name="Events">The oldest first.</param>
internal sealed record Snapshot(string Formation, int? NumberSyncStandbys, IReadOnlyList<WatchedNode> Nodes, IReadOnlyList<EventRow> Events)
{
    /// <summary>Several groups are possible, so that a node's number alone does not tell where it belongs.</summary>
    public bool HasGroups => Nodes.Any(n => n.Row.FormationKind == "citus");
}

/// <summary>A node and for how long nobody has heard of it.</summary>
/// <param name="SinceReport">Since its keeper reported to the monitor.</param>
/// <param name="SinceCheck">Since the monitor connected to its PostgreSQL; null where it has not yet.</param>
internal sealed record WatchedNode(NodeRow Row, TimeSpan? SinceReport, TimeSpan? SinceCheck);

/// <summary>The monitor does not answer; what is on the screen is what it said last.</summary>
internal sealed record Absence(TimeSpan Since, string Reason);

/// <summary>The size of a terminal in character cells.</summary>
internal readonly record struct WindowSize(int Columns, int Rows);
