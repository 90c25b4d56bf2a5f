using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using static PgAutoFailover.Core.Rules.Conditions;
using static PgAutoFailover.Core.Vocabulary.NodeState;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// The monitor's decision rules for groups of up to two nodes, in order. Ids follow the positions that the development branch of
/// pg_auto_failover gives to the same rules (monitor-fsm.md section 8), where there is a same rule; the others are in its gaps.
/// What differs from 2.0 is promotion: it waits for proof that the old primary cannot acknowledge a write any more.
/// </summary>
public static class GroupRuleTable
{
    private static readonly Subject s_a = new("A", s => s.A);
    private static readonly Subject s_p = new("P", s => s.P);
    private static readonly Subject s_unhealthySecondary = new("the unhealthy secondary", UnhealthySecondary);
    private static readonly Subject s_stalledSecondary = new("the stalled secondary", StalledSecondary);
    private static readonly Subject s_candidate = new("the candidate", UnhealthyCandidate);

    /// <summary>All rows; the first that matches wins.</summary>
    public static ImmutableArray<GroupRule> Table { get; } =
    [
        // ---- what needs no primary
        new()
        {
            Id = 201, Name = "dropped", When = [AReported(NodeState.Dropped), AGoalIs(NodeState.Dropped)], RemovesA = true,
            Why = s => $"Removing {s.A} from formation \"{s.Group.Formation.Id}\" and group {s.Group.GroupId}, as it has been dropped.",
            Rationale = "The keeper has stopped PostgreSQL and said so: nothing is left to wait for. This goal is never taken back, so the report needs no confirmation, "
                + "which a keeper that leaves with it would never give.",
        },
        new()
        {
            Id = 203, Name = "being dropped", When = [AGoalIs(NodeState.Dropped)],
            Rationale = "A node on its way out gets no other goal.",
        },
        new()
        {
            Id = 205, Name = "in maintenance", When = [AConvergedTo(Maintenance)],
            Rationale = "Only the operator ends maintenance.",
        },
        new()
        {
            Id = 207, Name = "fenced with a stale goal", When = [AReported(DemoteTimeout), AGoalIs(ApplySettings, JoinPrimary)], Then = [To(s_a, Primary)],
            Why = _ => "as it had stopped PostgreSQL on its own while cut off from the monitor.",
            Rationale = "A keeper that fenced itself is in demote_timeout whatever its goal was; from there primary is the way back, and applies settings too.",
        },
        new()
        {
            Id = 209, Name = "alone", When = [AIsAlone, AMayLead, AHasData, AGoalIsNot(NodeState.Single), NobodyDroppedMayWrite],
            Then = [To(s_a, NodeState.Single)], Why = _ => "as there is no other node.",
            Rationale = "The last node serves alone, but not before a primary that is being dropped has lost the ability to acknowledge.",
        },
        new()
        {
            Id = 210, Name = "alone, priority 0, serving",
            When = [AIsAlone, AMayNotLead, AIsPrimary, AGoalIsNot(NodeState.Single)],
            Then = [To(s_a, NodeState.Single)], Why = _ => "as there is no other node.",
            Rationale = "Candidate priority keeps a node from being promoted; this one is a primary already.",
        },
        new()
        {
            Id = 211, Name = "alone, priority 0", When = [AIsAlone, AMayNotLead, AHasData, ACannotTakeWrites, AGoalIsNot(ReportLsn, NodeState.Single)],
            Then = [To(s_a, ReportLsn)], Why = _ => "as there is no other node and its candidate priority is 0.",
            Rationale = "The operator has said that this node must never be promoted; it keeps its data and waits.",
        },

        // ---- a standby takes part
        new()
        {
            Id = 315, Name = "new standby may copy", When = [AConvergedTo(WaitStandby), PConvergedTo(WaitPrimary, JoinPrimary)],
            Then = [To(s_a, CatchingUp)], Why = s => $"after {s.P} converged to {s.P!.Goal.ToWire()}.",
            Rationale = "The primary has opened its HBA rules and made the slot by the time that it reports wait_primary.",
        },
        new()
        {
            Id = 321, Name = "caught up",
            When = [AConvergedTo(CatchingUp), AIsHealthy, PConvergedTo(WaitPrimary, JoinPrimary, Primary), AStreams, AWithinSyncThreshold],
            Then = [To(s_a, Secondary)], Why = _ => "after it caught up.",
            Rationale = "Becoming secondary does not make it a candidate: that needs the primary's word that replication is synchronous.",
        },

        // ---- the primary fails
        new()
        {
            Id = 325, Name = "primary fails, synchronous standby",
            When = [AConvergedTo(Secondary), AInQuorum, AMayLead, AIsHealthy, PConvergedTo(Primary), PIsUnhealthy],
            Then = [To(s_a, PreparePromotion), To(s_p, Draining)], Why = s => $"as {s.P} is unhealthy: {Reason(s.P!, s)}.",
            Rationale = "P had confirmed that it commits nothing without A, so A holds all that was acknowledged, however much WAL P had beyond that.",
        },
        new()
        {
            Id = 327, Name = "primary fails, asynchronous standby",
            When = [AConvergedTo(Secondary), ANotInQuorum, AMayLead, AIsHealthy, PConvergedTo(Primary), PIsUnhealthy, AWithinPromoteThreshold],
            Then = [To(s_a, PreparePromotion), To(s_p, Draining)], Why = s => $"as {s.P} is unhealthy: {Reason(s.P!, s)}.",
            Rationale = "The operator has accepted to lose up to promote_wal_log_threshold by taking A out of the quorum.",
        },

        // ---- maintenance of a standby
        new()
        {
            Id = 329, Name = "standby may go into maintenance", When = [AConvergedTo(WaitMaintenance), PConvergedTo(WaitPrimary)],
            Then = [To(s_a, Maintenance)], Why = s => $"after {s.P} converged to wait_primary.",
            Rationale = "The primary does not wait for A any more.",
        },

        // ---- promotion
        new()
        {
            Id = 335, Name = "promote, primary stopped for maintenance",
            When = [AConvergedTo(PreparePromotion, StopReplication), PGoesToMaintenance, PHasStopped],
            Then = [To(s_a, WaitPrimary), To(s_p, Maintenance)], Why = s => $"after {s.P} reported that it has stopped.",
            Rationale = "Proof: P stopped by itself, while A was still streaming.",
        },
        new()
        {
            Id = 337, Name = "promote, primary stopped",
            When = [AConvergedTo(PreparePromotion, StopReplication), PHasStopped],
            Then = [To(s_a, WaitPrimary), To(s_p, Demoted)], Why = s => $"after {s.P} reported that it has stopped.",
            Rationale = "Proof: P stopped by itself. In a planned switchover A was streaming until then and has all of it.",
        },
        new()
        {
            Id = 339, Name = "cut the primary off",
            When = [AConvergedTo(PreparePromotion), PIsLostOrSlow, PGoalIsNotMaintenance],
            Then = [To(s_a, StopReplication), To(s_p, DemoteTimeout)], Why = s => $"as {s.P} {SlowOrLost(s)}.",
            Rationale = "A stops receiving, so that P cannot gather A's acknowledgement whether it lives or not.",
        },
        new()
        {
            Id = 341, Name = "cut the primary off, maintenance",
            When = [AConvergedTo(PreparePromotion), PIsLostOrSlow, PGoesToMaintenance],
            Then = [To(s_a, StopReplication)], Why = s => $"as {s.P} {SlowOrLost(s)}.",
            Rationale = "As 339, and P stays on its way into maintenance.",
        },
        new()
        {
            Id = 345, Name = "promote, primary cut off, maintenance",
            When = [AConvergedTo(StopReplication), AInQuorum, PGoesToMaintenance, PWasWaitingForA],
            Then = [To(s_a, WaitPrimary), To(s_p, Maintenance)], Why = s => $"as {s.P} waits for an acknowledgement that it cannot get any more.",
            Rationale = "As 347, and P stays on its way into maintenance.",
        },
        new()
        {
            Id = 347, Name = "promote, primary cut off",
            When = [AConvergedTo(StopReplication), AInQuorum, PWasWaitingForA],
            Then = [To(s_a, WaitPrimary), To(s_p, Demoted)], Why = s => $"as {s.P} waits for an acknowledgement that it cannot get any more.",
            Rationale = "Proof: P had confirmed synchronous replication with A, and A has stopped receiving.",
        },
        new()
        {
            Id = 349, Name = "promote, lease over",
            When = [AConvergedTo(StopReplication), ANotInQuorum, PLeaseIsOver],
            Then = [To(s_a, WaitPrimary), To(s_p, Demoted)], Why = s => $"as {s.P} was silent for longer than primary_demote_timeout and has stopped itself.",
            Rationale = "Proof: a keeper that reaches neither monitor nor standby stops PostgreSQL after network_partition_timeout, which must be shorter.",
        },
        new()
        {
            Id = 351, Name = "call the failover off",
            When = [AReported(Draining, DemoteTimeout, Demoted, PrepareMaintenance), AGoalIs(Draining, DemoteTimeout, PrepareMaintenance), AReportsNow, CandidateIsUnhealthy],
            Then = [To(s_a, WaitPrimary), To(s_candidate, CatchingUp)],
            Why = s => $"as {UnhealthyCandidate(s)} is unhealthy and was not promoted: {Reason(UnhealthyCandidate(s)!, s)}.",
            Rationale = "Nobody was told to promote, so the old primary still holds everything and may go on alone.",
        },

        // ---- the old primary comes back
        new()
        {
            Id = 355, Name = "old primary may follow", When = [AConvergedTo(Demoted), PIsServing, PIsHealthy],
            Then = [To(s_a, CatchingUp)], Why = s => $"after {s.P} took over.",
            Rationale = "The new primary is up; A rejoins as its standby.",
        },

        // ---- the primary looks at its standbys
        new()
        {
            Id = 401, Name = "first standby joins", When = [AConvergedTo(NodeState.Single), OtherWaitsToJoin],
            Then = [To(s_a, WaitPrimary)], Why = s => $"after {s.Others.First(n => n.ConvergedTo(WaitStandby))} joined.",
            Rationale = "The primary prepares slot and HBA rules for it.",
        },
        new()
        {
            Id = 402, Name = "standby fails", When = [AIsPrimary, AReportsNow, AReportedJustNow, OtherIsUnhealthySecondary],
            Then = [To(s_unhealthySecondary, CatchingUp)], Why = s => $"as it is unhealthy: {Reason(UnhealthySecondary(s)!, s)}.",
            Rationale = "It is no candidate from here on; only then may the primary be told to do without it. Not while the primary is away too: the standby may be all that is left.",
        },
        new()
        {
            Id = 404, Name = "standby stalls", When = [AIsPrimary, AIsHealthy, AReportedJustNow, OtherIsStalled],
            Then = [To(s_stalledSecondary, CatchingUp)], Why = s => $"as it has not received from {s.A} for {s.Settings.ReplicationStallTimeout.TotalSeconds:F0} s.",
            Rationale = "The nodes do not reach each other, or the standby hangs: writes must not hang for ever. "
                + "A primary that is silent itself is what the standby does not receive from: then the standby is all that is left.",
        },
        new()
        {
            Id = 405, Name = "all asynchronous, no standby", When = [AIsPrimary, NobodyInQuorum, NoSecondary, AGoalIsNot(WaitPrimary, NodeState.Single)],
            Then = [To(s_a, WaitPrimary)], Why = _ => "as none of the standby nodes is available.",
            Rationale = "Nothing is waited for in either state; wait_primary says that nobody could take over.",
        },
        new()
        {
            Id = 406, Name = "all asynchronous, a standby", When = [AIsPrimary, NobodyInQuorum, SomeSecondary, AGoalIs(WaitPrimary, JoinPrimary)],
            Then = [To(s_a, Primary)], Why = _ => "now that we have a secondary node.",
            Rationale = "No node takes part in the quorum, so there is nothing to wait for.",
        },
        new()
        {
            Id = 407, Name = "no quorum standby left",
            When = [AIsPrimary, SomeoneInQuorum, NoSyncRequired, NoQuorumSecondary, AGoalIs(Primary, ApplySettings, JoinPrimary), NoFailoverInProgress],
            Then = [To(s_a, WaitPrimary)], Why = _ => "as none of the standby nodes in the quorum is healthy.",
            Rationale = "With number_sync_standbys 0, availability of writes comes before redundancy; the standby has stopped being a candidate before.",
        },
        new()
        {
            Id = 411, Name = "synchronous again", When = [AConvergedTo(WaitPrimary), HealthyQuorumSecondary],
            Then = [To(s_a, Primary)], Why = _ => "now that we have a healthy secondary node in the quorum.",
            Rationale = "The keeper reports primary only when the standby has received all that was committed before.",
        },
        new()
        {
            Id = 415, Name = "settings applied", When = [AConvergedTo(ApplySettings)],
            Then = [To(s_a, Primary)], Why = _ => "after it applied replication properties change.",
            Rationale = "Reaching primary again sets synchronous_standby_names and waits for the standby.",
        },
        new()
        {
            Id = 421, Name = "joined", When = [AConvergedTo(JoinPrimary)],
            Then = [To(s_a, Primary)], Why = _ => "after a standby joined.",
            Rationale = "Not assigned any more; kept for a monitor taken over from an older version.",
        },
    ];

    private static Effect To(Subject subject, NodeState goal) => new(subject, goal);

    private static string Reason(NodeView node, Situation s) => NodeJudgement.WhyUnhealthy(node, s.Group, s.Settings, s.Clock) ?? "unknown";

    private static string SlowOrLost(Situation s) => NodeJudgement.WhyLost(s.P!, s.Group, s.Settings, s.Clock) is { } lost
        ? $"cannot be waited for: {lost}"
        : "has not stopped within primary_demote_timeout";
}
