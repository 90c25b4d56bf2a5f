using System.Collections.Immutable;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>One row of the monitor's table of nodes.</summary>
public sealed record NodeStatus(long Id, string Name, int Port, string Reported, string Goal, int Health)
{
    public bool IsSettled => Reported == Goal;

    /// <summary>It may take writes, and is to go on doing so: a dead primary goes on having reported that it is one.</summary>
    public bool TakesWrites => MayTakeWrites(Reported) && MayTakeWrites(Goal);

    public bool Is(string state) => Reported == state && Goal == state;

    private static bool MayTakeWrites(string state) => state is "primary" or "wait_primary" or "single" or "join_primary" or "apply_settings";

    public override string ToString() =>
        $"{Name}={Reported}{(IsSettled ? "" : "➜" + Goal)}{Health switch { 1 => "", 0 => "!", _ => "?" }}";
}

/// <summary>What the monitor's table said at some moment, or why it could not be read.</summary>
public sealed record ClusterStatus(TimeSpan At, ImmutableArray<NodeStatus> Nodes, string? Error)
{
    public NodeStatus? Node(string name) => Nodes.FirstOrDefault(n => n.Name == name);

    /// <summary>One primary, everybody else its secondary, all there.</summary>
    public bool IsSteady(int nodes) =>
        Error is null
        && Nodes.Length == nodes
        && Nodes.All(n => n.IsSettled)
        && (nodes == 1
            ? Nodes[0].Reported is "single" or "primary" or "wait_primary"
            : Nodes.Count(n => n.Reported == "primary") == 1 && Nodes.Count(n => n.Reported == "secondary") == nodes - 1);

    public bool SameAs(ClusterStatus other) => Error == other.Error && Nodes.SequenceEqual(other.Nodes);

    public override string ToString() => Error is not null ? "monitor: " + Error : string.Join("  ", Nodes);
}
