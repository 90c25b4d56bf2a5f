using System.Collections.Immutable;
using PgAutoFailover.Core.Vocabulary;
using static PgAutoFailover.Core.Transitions.KeeperStep;
using static PgAutoFailover.Core.Vocabulary.NodeState;

namespace PgAutoFailover.Core.Transitions;

/// <summary>
/// The keeper's state machine: which steps lead from the state that a node is in to the one that it is assigned. The pairs are
/// those of 2.0 and of its development branch (<c>fsm.c</c>); the steps are ours where design.md asks for more: a standby stops
/// receiving before it is promoted and is promoted only when the monitor has proof, and every failover that has not promoted
/// anyone can be called off.
/// </summary>
public static class KeeperTransitions
{
    /// <summary>All rows; the first that matches wins.</summary>
    public static ImmutableArray<KeeperTransition> Table { get; } =
    [
        // A node that is alone.
        .. Row([Init, NodeState.Dropped], NodeState.Single, [InitPrimary], "Start as a single node"),
        .. Row([Primary, WaitPrimary, JoinPrimary, ApplySettings], NodeState.Single, [DisableSync], "Other nodes are gone"),
        .. Row([Draining, DemoteTimeout, Demoted, PrepareMaintenance], NodeState.Single, [ResumePrimary], "Was stopped, and is the only node left"),
        .. Row([Secondary, CatchingUp, PreparePromotion, StopReplication, NodeState.ReportLsn, NodeState.FastForward, WaitMaintenance,
             Maintenance, JoinSecondary], NodeState.Single, [Promote], "The only node left"),

        // A primary and its standbys.
        .. Row([NodeState.Single], WaitPrimary, [], "A new standby is about to join"),
        .. Row([Primary, JoinPrimary, ApplySettings], WaitPrimary, [DisableSync], "No standby can be waited for"),
        .. Row([Draining, DemoteTimeout, Demoted, PrepareMaintenance], WaitPrimary, [ResumePrimary], "The failover was called off: nobody was promoted"),
        .. Row([WaitPrimary, JoinPrimary, ApplySettings], Primary, [EnableSync], "A healthy standby takes part in replication"),
        .. Row([DemoteTimeout], Primary, [StartAsPrimary], "The partition is over and nobody was promoted"),
        .. Row([DemoteTimeout], ApplySettings, [StartAsPrimary], "Replication settings changed, and this node had fenced itself"),
        .. Row([Primary, WaitPrimary, ApplySettings], JoinPrimary, [], "A standby is about to join"),
        .. Row([Primary, WaitPrimary], ApplySettings, [], "Replication settings changed"),

        // A primary steps down.
        .. Row([Primary, JoinPrimary, ApplySettings, WaitPrimary], Draining, [CheckpointAndStop], "Another node takes over"),
        .. Row([DemoteTimeout], Draining, [StopPostgres], "Another node takes over, and this one had fenced itself"),
        .. Row([Primary, JoinPrimary, ApplySettings, WaitPrimary, NodeState.Single, Draining, Demoted, Init, CatchingUp, Secondary, PreparePromotion,
             StopReplication, Maintenance, PrepareMaintenance, WaitMaintenance, NodeState.ReportLsn, NodeState.FastForward],
            DemoteTimeout, [StopPostgres], "Must not acknowledge writes any more"),
        .. Row([Primary, JoinPrimary, ApplySettings, WaitPrimary, NodeState.Single, Draining, DemoteTimeout, Init, CatchingUp, Secondary,
             PreparePromotion, StopReplication, Maintenance, PrepareMaintenance, WaitMaintenance, NodeState.ReportLsn, NodeState.FastForward],
            Demoted, [StopPostgres], "Another node has taken over"),

        // A standby joins, follows, comes back.
        .. Row([Init, NodeState.Dropped, Secondary], WaitStandby, [], "Wait for the primary to be ready for a standby"),
        .. Row([WaitStandby], CatchingUp, [InitStandby], "The primary is ready for a standby"),
        .. Row([Secondary], CatchingUp, [RejoinStandby], "Is not counted on until it has caught up"),
        .. Row([Demoted, Draining, DemoteTimeout, PreparePromotion, StopReplication, Maintenance, PrepareMaintenance, WaitMaintenance,
             NodeState.ReportLsn, NodeState.FastForward, JoinSecondary], CatchingUp, [RejoinStandby], "Follow the current primary"),
        .. Row([CatchingUp], Secondary, [CheckCaughtUp], "Has caught up, and counts again"),

        // Promotion.
        .. Row([Secondary, CatchingUp, NodeState.ReportLsn], PreparePromotion, [EnsureRunning], "Chosen to take over"),
        .. Row([PreparePromotion], StopReplication, [StopReceiving], "The primary is to be cut off from its acknowledgements"),
        .. Row([PreparePromotion, StopReplication, NodeState.ReportLsn], WaitPrimary, [Promote], "The old primary cannot acknowledge writes any more"),

        // Maintenance.
        .. Row([Primary], PrepareMaintenance, [CheckpointAndStop], "The primary goes into maintenance"),
        .. Row([DemoteTimeout], PrepareMaintenance, [StopPostgres], "The primary goes into maintenance, and had fenced itself"),
        .. Row([PrepareMaintenance, DemoteTimeout], Maintenance, [StopPostgres, DetachFromUpstream, ReleaseControl], "Another node has taken over"),
        .. Row([Primary], Maintenance, [CheckpointAndStop, DetachFromUpstream, ReleaseControl], "Another node has taken over"),
        .. Row([Secondary, CatchingUp, PreparePromotion, StopReplication, NodeState.ReportLsn], WaitMaintenance, [], "Wait until the primary does without this standby"),
        .. Row([Secondary, CatchingUp, WaitMaintenance, PreparePromotion, StopReplication, NodeState.ReportLsn], Maintenance, [ReleaseControl], "The operator may do with PostgreSQL as needed"),

        // Elections among more than two nodes.
        .. Row([Secondary, CatchingUp, Maintenance, PrepareMaintenance, WaitMaintenance, NodeState.FastForward, PreparePromotion,
             StopReplication, Draining, DemoteTimeout, Demoted, JoinSecondary], NodeState.ReportLsn, [KeeperStep.ReportLsn],
            "Report the position reached, for an election"),
        .. Row([Init, NodeState.Dropped], NodeState.ReportLsn, [InitFromStandby], "Join a group that has no primary"),
        .. Row([NodeState.ReportLsn], NodeState.FastForward, [KeeperStep.FastForward], "Fetch what is missing before taking over"),
        .. Row([NodeState.FastForward], PreparePromotion, [FinishFastForward], "Has all that was acknowledged"),
        .. Row([NodeState.ReportLsn], JoinSecondary, [], "Another node was elected"),
        .. Row([NodeState.ReportLsn, JoinSecondary], Secondary, [RejoinStandby, CheckCaughtUp], "Follow the node that was elected"),

        // The end.
        .. Row([null], NodeState.Dropped, [Drop], "This node is being removed"),
    ];

    /// <summary>The row for a pair of states, or null where there is no way from one to the other.</summary>
    public static KeeperTransition? Find(NodeState current, NodeState assigned) =>
        Table.FirstOrDefault(t => t.To == assigned && (t.From is null ? current != assigned : t.From == current));

    /// <summary>Whether a keeper in <paramref name="current"/> can carry out <paramref name="assigned"/>; staying is always possible.</summary>
    public static bool CanReach(NodeState current, NodeState assigned) => current == assigned || Find(current, assigned) is not null;

    private static KeeperTransition[] Row(NodeState?[] from, NodeState to, ImmutableArray<KeeperStep> steps, string why) =>
        [.. from.Select(f => new KeeperTransition(f, to, steps, why))];
}
