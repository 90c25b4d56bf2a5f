using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Forecasts;

/// <summary>
/// What a keeper that is there can carry out, as far as the view of its group tells: a standby joins only a primary that runs, a primary
/// waits only for standbys that receive. Whether a disk is full or a password wrong is not in a view: what can succeed does.
/// </summary>
/// <param name="group">The group as it stands.</param>
/// <param name="presence">Who takes part.</param>
internal sealed class KeeperOutlook(GroupView group, Presence presence)
{
    /// <summary>The node that leads, runs and is there; null when there is none.</summary>
    public NodeView? Leader { get; } = group.Live.FirstOrDefault(n => presence.Has(n) && n.Goal.CanTakeWrites() && n.Reported.CanTakeWrites() && !IsBroken(n));

    /// <summary>The row that the keeper of this node would finish now; null when it has none to make, or cannot.</summary>
    public KeeperTransition? Next(NodeView node) =>
        node.Goal != node.Reported && KeeperTransitions.Find(node.Reported, node.Goal) is { } row && row.Steps.All(s => CanTake(s, node)) ? row : null;

    /// <summary>Whether a standby receives from the leader.</summary>
    public bool Streams(NodeView node) =>
        Leader is { } leader && leader.Id != node.Id && presence.Has(node) && !IsBroken(node) && !presence.IsDeafTo(node, leader)
        && node.Reported is NodeState.Secondary or NodeState.CatchingUp or NodeState.PreparePromotion or NodeState.WaitMaintenance;

    /// <summary>PostgreSQL is to run there and does not come back, as its keeper says.</summary>
    public static bool IsBroken(NodeView node) => !node.PgIsRunning && (node.Reported.CanTakeWrites() || IsStandby(node.Reported));

    /// <summary>PostgreSQL runs in recovery in this state.</summary>
    public static bool IsStandby(NodeState state) => state is
        NodeState.CatchingUp or NodeState.Secondary or NodeState.PreparePromotion or NodeState.StopReplication
        or NodeState.ReportLsn or NodeState.FastForward or NodeState.JoinSecondary or NodeState.WaitMaintenance;

    /// <summary>The furthest of the nodes from which another may fetch.</summary>
    public NodeView? Source(NodeView node) => group.Live
        .Where(n => n.Id != node.Id && presence.Has(n) && !IsBroken(n) && n.Reported == NodeState.ReportLsn)
        .OrderBy(n => n.Timeline).ThenBy(n => n.Lsn).LastOrDefault();

    private bool CanTake(KeeperStep step, NodeView node) => step switch
    {
        KeeperStep.StopPostgres or KeeperStep.CheckpointAndStop or KeeperStep.Drop or KeeperStep.DetachFromUpstream or KeeperStep.ReleaseControl => true,
        _ when IsBroken(node) => false,
        KeeperStep.InitStandby or KeeperStep.RejoinStandby => Leader is { } leader && leader.Id != node.Id,
        KeeperStep.CheckCaughtUp => Leader is { } leader && leader.Id != node.Id && !presence.IsDeafTo(node, leader),
        KeeperStep.EnableSync => HasEnoughStandbys(node),
        KeeperStep.FastForward or KeeperStep.InitFromStandby => Source(node) is not null,
        _ => true,
    };

    private bool HasEnoughStandbys(NodeView node) =>
        new AckTerms(node.Id, SynchronousStandbyNames.For(group)).Standbys is not var (required, members)
        || members.Count(m => group.Find(m) is { } standby && Streams(standby)) >= required;
}
