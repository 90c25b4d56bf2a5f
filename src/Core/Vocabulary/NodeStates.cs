using System.Collections.Frozen;
using System.Collections.Immutable;

namespace PgAutoFailover.Core.Vocabulary;

/// <summary>Wire names of <see cref="NodeState"/> and the classes of states that the decision rules speak of.</summary>
public static class NodeStates
{
    private static readonly ImmutableArray<string> s_names =
    [
        "unknown", "init", "single", "wait_primary", "primary", "draining", "demote_timeout", "demoted", "catchingup",
        "secondary", "prepare_promotion", "stop_replication", "wait_standby", "maintenance", "join_primary",
        "apply_settings", "prepare_maintenance", "wait_maintenance", "report_lsn", "fast_forward", "join_secondary",
        "dropped",
    ];

    private static readonly FrozenDictionary<string, NodeState> s_byName =
        s_names.Select((name, i) => (name, (NodeState)i)).ToFrozenDictionary(p => p.name, p => p.Item2, StringComparer.Ordinal);

    /// <summary>All states, in the order of the SQL type's labels.</summary>
    public static ImmutableArray<NodeState> All { get; } = [.. Enum.GetValues<NodeState>()];

    /// <summary>The label of the SQL type, for example <c>wait_primary</c>.</summary>
    public static string ToWire(this NodeState state) => s_names[(int)state];

    /// <summary>Reads a label of the SQL type. Names are lower case; anything else is refused.</summary>
    public static bool TryParse(string? name, out NodeState state)
    {
        state = NodeState.Unknown;
        return name is not null && s_byName.TryGetValue(name, out state);
    }

    /// <summary>A node in this state may acknowledge writes.</summary>
    public static bool CanTakeWrites(this NodeState state) => state is
        NodeState.Single or NodeState.Primary or NodeState.WaitPrimary or NodeState.JoinPrimary or NodeState.ApplySettings;

    /// <summary>The state belongs to a primary: it can take writes, or is on its way out of that.</summary>
    public static bool BelongsToPrimary(this NodeState state) => state.CanTakeWrites() || state is
        NodeState.Draining or NodeState.DemoteTimeout or NodeState.PrepareMaintenance;

    /// <summary>A node that reported this state has stopped its PostgreSQL and does not start it without a new goal.</summary>
    public static bool HasStopped(this NodeState state) => state is
        NodeState.Draining or NodeState.DemoteTimeout or NodeState.Demoted or NodeState.PrepareMaintenance or NodeState.Dropped;

    /// <summary>The node is in maintenance or on its way there.</summary>
    public static bool IsMaintenance(this NodeState state) => state is
        NodeState.PrepareMaintenance or NodeState.WaitMaintenance or NodeState.Maintenance;
}
