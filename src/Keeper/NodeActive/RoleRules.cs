using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What a state means for the local PostgreSQL (keeper-fsm.md section 3.2).</summary>
public static class RoleRules
{
    /// <summary>PostgreSQL runs in recovery.</summary>
    public static bool IsStandby(NodeState role) => role is
        NodeState.CatchingUp or NodeState.Secondary or NodeState.PreparePromotion or NodeState.StopReplication
        or NodeState.ReportLsn or NodeState.FastForward or NodeState.JoinSecondary;

    /// <summary>PostgreSQL is to run in this state, as a primary or as a standby.</summary>
    public static bool MustRun(NodeState role) => role.CanTakeWrites() || IsStandby(role);

    /// <summary>PostgreSQL must not run in this state: the monitor relies on it.</summary>
    public static bool MustBeStopped(NodeState role) => role is
        NodeState.Draining or NodeState.DemoteTimeout or NodeState.Demoted or NodeState.PrepareMaintenance;

    /// <summary>
    /// Another node may be promoted although this one was not told: the state in which the monitor believes that replication is
    /// synchronous. In the others that take writes nobody is a candidate.
    /// </summary>
    public static bool MayBeReplaced(NodeState role) => role is NodeState.Primary or NodeState.JoinPrimary or NodeState.ApplySettings;

    /// <summary>A standby that follows an upstream all the time.</summary>
    public static bool Follows(NodeState role) => role is NodeState.CatchingUp or NodeState.Secondary;

    /// <summary>A node that has no data directory of its own yet.</summary>
    public static bool IsBeingCreated(NodeState role) => role is NodeState.Init or NodeState.WaitStandby;
}
