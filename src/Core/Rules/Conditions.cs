using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>The vocabulary of the rule table: each condition by its name.</summary>
internal static class Conditions
{
    public static readonly Condition AIsAlone = new("A is the only live node", s => s.Others.IsEmpty);

    public static readonly Condition AMayLead = new("A's candidate priority is not 0", s => s.A.CandidatePriority > 0);

    public static readonly Condition AMayNotLead = new("A's candidate priority is 0", s => s.A.CandidatePriority == 0);

    public static readonly Condition AHasData = new(
        "A has a data directory of its own",
        s => s.A.Reported is not (NodeState.WaitStandby or NodeState.JoinSecondary or NodeState.PrepareMaintenance or NodeState.Maintenance));

    public static readonly Condition AIsPrimary = new("A can take writes, by report and by goal", s => s.AIsPrimary);

    public static readonly Condition ACannotTakeWrites = new(
        "A cannot take writes", s => !s.A.Reported.CanTakeWrites() && s.A.Reported != NodeState.WaitStandby);

    public static readonly Condition AInQuorum = new("A takes part in the replication quorum", s => s.A.ReplicationQuorum);

    public static readonly Condition ANotInQuorum = new("A does not take part in the replication quorum", s => !s.A.ReplicationQuorum);

    public static readonly Condition AIsHealthy = new("A is healthy", s => s.Healthy(s.A));

    public static readonly Condition AReportsNow = new(
        "A's keeper is in touch", s => s.Clock.Now - s.A.ReportedAt <= s.Settings.NodeConsideredUnhealthyTimeout && !s.Lost(s.A));

    public static readonly Condition AReportedJustNow = new(
        "A's keeper has reported within the last moments", s => s.Clock.Now - s.A.ReportedAt <= NodeJudgement.OwnWordFreshness);

    public static readonly Condition AStreams = new(
        "A streams from P, as far as its keeper tells",
        s => s.A.Evidence.KeeperVersion is null || s.A.Evidence.WalReceiver is { Streaming: true } r && r.UpstreamNodeId == s.P!.Id);

    public static readonly Condition AWithinSyncThreshold = new(
        "A is on P's timeline and within enable_sync_wal_log_threshold",
        s => s.A.Timeline == s.P!.Timeline && WalWithin(s.A, s.P, s.Settings.EnableSyncWalLogThreshold));

    public static readonly Condition AWithinPromoteThreshold = new(
        "A is within promote_wal_log_threshold of P's last report", s => WalWithin(s.A, s.P!, s.Settings.PromoteWalLogThreshold));

    public static readonly Condition NobodyDroppedMayWrite = new(
        "no node that is being dropped can acknowledge writes", s => s.Group.Nodes.All(n => n.Goal != NodeState.Dropped || CannotAcknowledge(n, s.A)));

    public static readonly Condition PIsHealthy = new("P is healthy", s => s.P is { } p && s.Healthy(p));

    public static readonly Condition PIsUnhealthy = new("P is unhealthy", s => s.P is { } p && s.Unhealthy(p));

    public static readonly Condition PIsOther = new("P is another node", s => s.P is { } p && p.Id != s.A.Id);

    public static readonly Condition PHasStopped = new(
        "P reported that it has stopped, and is not asked to start",
        s => s.P is { } p && p.Id != s.A.Id && p.Reported.HasStopped() && !p.Goal.CanTakeWrites());

    public static readonly Condition PWasWaitingForA = new(
        "P reported synchronous replication with A and was not told to do without since",
        s => s.P is { } p && p.Id != s.A.Id && p.Reported == NodeState.Primary && !p.Goal.CanTakeWrites());

    public static readonly Condition PIsLostOrSlow = new(
        "P is lost, or has had primary_demote_timeout to stop",
        s => s.P is { } p && p.Id != s.A.Id && !p.Goal.CanTakeWrites() && (s.Lost(p) || DrainTimeIsOver(s, p)));

    public static readonly Condition PLeaseIsOver = new(
        "P has been asked to stop and silent for longer than primary_demote_timeout",
        s => s.P is { } p && p.Id != s.A.Id && !p.Goal.CanTakeWrites() && DrainTimeIsOver(s, p)
            && s.Clock.Now - p.ReportedAt > s.Settings.PrimaryDemoteTimeout);

    public static readonly Condition PGoesToMaintenance = new("P is asked to prepare maintenance", s => s.P?.Goal == NodeState.PrepareMaintenance);

    public static readonly Condition PGoalIsNotMaintenance = new(
        "P is not asked to prepare maintenance", s => s.P?.Goal != NodeState.PrepareMaintenance);

    public static readonly Condition NoFailoverInProgress = new("no failover is in progress", s => !s.FailoverInProgress);

    public static readonly Condition HasOthers = new("there are other live nodes", s => !s.Others.IsEmpty);

    public static readonly Condition OtherWaitsToJoin = new(
        "another node waits to join", s => s.Others.Any(n => n.ConvergedTo(NodeState.WaitStandby)));

    public static readonly Condition OtherIsUnhealthySecondary = new("another node is to be secondary and is unhealthy", s => UnhealthySecondary(s) is not null);

    public static readonly Condition OtherIsStalled = new(
        "another node is secondary, and by its own word or A's nothing has been received for replication_stall_timeout", s => StalledSecondary(s) is not null);

    public static readonly Condition NobodyInQuorum = new("no other node takes part in the quorum", s => !s.Others.IsEmpty && s.Others.All(n => !n.ReplicationQuorum));

    public static readonly Condition SomeoneInQuorum = new("another node takes part in the quorum", s => s.Others.Any(n => n.ReplicationQuorum));

    public static readonly Condition NoSecondary = new("no other node is secondary", s => !s.Secondaries.Any());

    public static readonly Condition SomeSecondary = new("another node is secondary", s => s.Secondaries.Any());

    public static readonly Condition NoQuorumSecondary = new("no secondary takes part in the quorum", s => !s.Secondaries.Any(n => n.ReplicationQuorum));

    public static readonly Condition HealthyQuorumSecondary = new(
        "a healthy secondary takes part in the quorum", s => s.Secondaries.Any(n => n.ReplicationQuorum && s.Healthy(n)));

    public static readonly Condition NoSyncRequired = new("number_sync_standbys is 0", s => s.Group.Formation.NumberSyncStandbys == 0);

    public static readonly Condition CandidateIsUnhealthy = new(
        "the node that was to take over is unhealthy and was not promoted", s => UnhealthyCandidate(s) is not null);

    public static Condition AConvergedTo(params NodeState[] states) => new(
        $"A is {Names(states)}", s => states.Any(s.A.ConvergedTo));

    public static Condition AGoalIs(params NodeState[] states) => new($"A's goal is {Names(states)}", s => states.Contains(s.A.Goal));

    public static Condition AGoalIsNot(params NodeState[] states) => new($"A's goal is not {Names(states)}", s => !states.Contains(s.A.Goal));

    public static Condition AReported(params NodeState[] states) => new($"A reported {Names(states)}", s => states.Contains(s.A.Reported));

    public static Condition PConvergedTo(params NodeState[] states) => new(
        $"P is {Names(states)}", s => s.P is { } p && p.Id != s.A.Id && states.Any(p.ConvergedTo));

    public static Condition PIsServing { get; } = new(
        "P has taken over: it reported wait_primary, join_primary or primary and keeps such a goal",
        s => s.P is { } p && p.Id != s.A.Id && p.Goal.CanTakeWrites()
            && p.Reported is NodeState.WaitPrimary or NodeState.JoinPrimary or NodeState.Primary);

    public static NodeView? UnhealthySecondary(Situation s) =>
        s.Others.FirstOrDefault(n => n.Goal == NodeState.Secondary
            && n.Reported is not (NodeState.ReportLsn or NodeState.JoinSecondary) && s.Unhealthy(n));

    public static NodeView? StalledSecondary(Situation s) =>
        s.Secondaries.FirstOrDefault(n => Stalled(s, n) || (s.A.Reported == NodeState.Primary && Stalled(s, s.A)));

    public static NodeView? UnhealthyCandidate(Situation s) =>
        s.Others.FirstOrDefault(n => n.Goal is NodeState.PreparePromotion or NodeState.StopReplication && s.Unhealthy(n));

    /// <summary>True when the distance is within the limit; false as long as one of the positions is unknown.</summary>
    public static bool WalWithin(NodeView a, NodeView b, long bytes) =>
        a.Lsn.IsValid && b.Lsn.IsValid && a.Lsn.DistanceTo(b.Lsn) <= (ulong)bytes;

    private static bool Stalled(Situation s, NodeView node) =>
        node.NotStreamingSince is { } since && s.Clock.Now - since > s.Settings.ReplicationStallTimeout;

    private static bool DrainTimeIsOver(Situation s, NodeView p) => s.Clock.Now - p.StateChangedAt > s.Settings.PrimaryDemoteTimeout;

    /// <summary>A node on its way out that never was a primary, has stopped, or is cut off by A having stopped to receive.</summary>
    private static bool CannotAcknowledge(NodeView dropped, NodeView a) =>
        !(dropped.Reported.CanTakeWrites() || dropped.Reported is NodeState.PreparePromotion or NodeState.StopReplication)
        || (dropped.Reported == NodeState.Primary && a.ReplicationQuorum && a.ConvergedTo(NodeState.ReportLsn));

    private static string Names(NodeState[] states) => string.Join(" or ", states.Select(s => s.ToWire()));
}
