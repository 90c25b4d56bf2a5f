using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using static PgAutoFailover.Core.Rules.Conditions;
using static PgAutoFailover.Core.Vocabulary.NodeState;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// The monitor's decision rules, in order. Ids follow the positions that the development branch of
/// pg_auto_failover gives to the same rules (monitor-fsm.md section 8), where there is a same rule; the others are in its gaps.
/// What differs from 2.0 is promotion: it waits for proof that the old primary cannot acknowledge a write any more.
/// </summary>
public static class GroupRuleTable
{
    private static readonly Subject s_a = new("A", s => [s.A]);
    private static readonly Subject s_p = One("P", s => s.P);
    private static readonly Subject s_unhealthySecondary = One("the unhealthy secondary", UnhealthySecondary);
    private static readonly Subject s_stalledSecondary = One("the stalled secondary", StalledSecondary);
    private static readonly Subject s_candidate = One("the candidate", UnhealthyCandidate);
    private static readonly Subject s_laggingCandidate = One("the candidate", LaggingCandidate);
    private static readonly Subject s_electorate = new("each standby in touch", s => s.Electorate.Where(n => n.Id != s.A.Id));
    private static readonly Subject s_draining = new("the old primary", s => s.Others.Where(n => n.Goal is Draining));
    private static readonly Subject s_leaving = new("the old primary", s => s.Others.Where(n => n.Goal is Draining or DemoteTimeout));
    private static readonly Subject s_retiring = new("the old primary, on its way into maintenance", s => s.Others.Where(n => n.Goal is PrepareMaintenance));

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
            Id = 211, Name = "alone, priority 0", When = [AIsAlone, AMayNotLead, AHasData, ATakesNoWrites, AGoalIsNot(ReportLsn)],
            Then = [To(s_a, ReportLsn)], Why = _ => "as there is no other node and its candidate priority is 0.",
            Rationale = "The operator has said that this node must never be promoted; it keeps its data and waits. One that was told to serve before may do so already.",
        },

        // ---- the primary of several standbys fails
        new()
        {
            Id = 305, Name = "primary fails, several standbys",
            When = [AIsPrimary, AGoalIs(Primary, ApplySettings, JoinPrimary), AIsUnhealthy, IsLarger, OthersAreEnough],
            Then = [To(s_a, Draining), To(s_electorate, NodeState.ReportLsn)], Why = s => $"as {s.A} is unhealthy: {Reason(s.A, s)}.",
            Rationale = "Each standby stops receiving and says how far it has got. Not before the standbys in touch are enough: the primary may come back sooner than they do.",
        },
        new()
        {
            Id = 311, Name = "fetched", When = [AConvergedTo(NodeState.FastForward), NobodyIsAhead, AHasFetchedEverything],
            Then = [To(s_a, PreparePromotion)], Why = _ => "as it has fetched what it lacked.",
            Rationale = "It was chosen for its priority, and now holds everything.",
        },
        new()
        {
            Id = 312, Name = "fetched, and others may have more", When = [AConvergedTo(NodeState.FastForward)],
            Then = [To(s_a, NodeState.ReportLsn)], Why = _ => "as others may hold more than it has fetched.",
            Rationale = "One has reported more meanwhile, or the node that it was to fetch from has gone. The election is held again.",
        },
        new()
        {
            Id = 313, Name = "source lost", When = [AGoalIs(NodeState.FastForward), NobodyIsAhead],
            Then = [To(s_a, NodeState.ReportLsn)], Why = _ => "as no node is left from which it could fetch anything.",
            Rationale = "Whether those that are left hold everything is for the election to say.",
        },

        // ---- a standby takes part
        new()
        {
            Id = 315, Name = "new standby may copy", When = [AConvergedTo(WaitStandby), PConvergedTo(WaitPrimary, JoinPrimary, Primary)],
            Then = [To(s_a, CatchingUp)], Why = s => $"after {s.P} converged to {s.P!.Goal.ToWire()}.",
            Rationale = "The primary opens its HBA rules and makes the slot; until then the copy fails and is tried again.",
        },
        new()
        {
            Id = 316, Name = "nothing to copy", When = [AReported(WaitStandby), AGoalIs(CatchingUp), NobodyHasData],
            Then = [To(s_a, WaitStandby)], Why = _ => "as no node is left that it could copy.",
            Rationale = "What had the data was removed. It waits for whoever comes next, who may begin anew as nobody has anything.",
        },
        new()
        {
            Id = 321, Name = "caught up",
            When = [AConvergedTo(CatchingUp), AIsHealthy, PIsServing, AStreams, AWithinSyncThreshold],
            Then = [To(s_a, Secondary)], Why = _ => "after it caught up.",
            Rationale = "Becoming secondary does not make it a candidate: that needs the primary's word that it waits for it.",
        },

        // ---- the primary of a pair fails
        new()
        {
            Id = 325, Name = "primary fails, synchronous standby",
            When = [AConvergedTo(Secondary), AMayLead, AIsHealthy, IsPair, PLeads, PIsUnhealthy, AHoldsAll],
            Then = [To(s_a, PreparePromotion), To(s_p, Draining)], Why = s => $"as {s.P} is unhealthy: {Reason(s.P!, s)}.",
            Rationale = "P had confirmed that it commits nothing without A, so A holds all that was acknowledged, however much WAL P had beyond that.",
        },
        new()
        {
            Id = 327, Name = "primary fails, asynchronous standby",
            When = [AConvergedTo(Secondary), AMayLead, AIsHealthy, IsPair, PConvergedTo(Primary), PIsUnhealthy, AllAsynchronous, AWithinPromoteThreshold],
            Then = [To(s_a, PreparePromotion), To(s_p, Draining)], Why = s => $"as {s.P} is unhealthy: {Reason(s.P!, s)}.",
            Rationale = "The operator has accepted to lose up to promote_wal_log_threshold by taking A out of the quorum.",
        },

        // ---- maintenance of a standby
        new()
        {
            Id = 329, Name = "standby may go into maintenance", When = [AConvergedTo(WaitMaintenance), PDoesWithoutA],
            Then = [To(s_a, Maintenance)], Why = s => $"as {s.P} does not wait for it any more.",
            Rationale = "No commit waits for A any more. A keeper that hears late of all this finds a primary that waits for another standby by then.",
        },

        // ---- promotion
        new()
        {
            Id = 337, Name = "promote, primary stopped",
            When = [AConvergedTo(PreparePromotion, StopReplication), OthersHaveStopped, AHasWhatTheOldPrimaryHad],
            Then = [To(s_a, WaitPrimary), To(s_leaving, Demoted), To(s_retiring, Maintenance)], Why = _ => "as no other node takes writes any more.",
            Rationale = "Proof: the old primary reported that it has stopped. In a planned switchover the standbys were streaming until then and have all of it. "
                + "Where nobody is in the quorum, that they have is looked at.",
        },
        new()
        {
            Id = 339, Name = "cut the primary off",
            When = [AConvergedTo(PreparePromotion), OthersAreLostOrSlow],
            Then = [To(s_a, StopReplication), To(s_draining, DemoteTimeout)], Why = s => $"as {SlowOrLost(s)}.",
            Rationale = "A stops receiving, so that P cannot gather A's acknowledgement whether it lives or not.",
        },
        new()
        {
            Id = 347, Name = "promote, primary cut off",
            When = [AConvergedTo(StopReplication), NobodyElseLeads, OthersAreCutOff],
            Then = [To(s_a, WaitPrimary), To(s_leaving, Demoted), To(s_retiring, Maintenance)],
            Why = _ => "as the old primary waits for acknowledgements that it cannot get any more.",
            Rationale = "Proof: P had confirmed that it waits for its standbys, and so many of them have stopped receiving that it cannot have enough.",
        },
        new()
        {
            Id = 349, Name = "promote, lease over",
            When = [AConvergedTo(StopReplication), AllAsynchronous, PLeaseIsOver],
            Then = [To(s_a, WaitPrimary), To(s_leaving, Demoted), To(s_retiring, Maintenance)],
            Why = s => $"as {s.P} was silent for longer than primary_demote_timeout and has stopped itself.",
            Rationale = "Proof: a keeper that reaches neither monitor nor standby stops PostgreSQL after network_partition_timeout, which must be shorter.",
        },
        new()
        {
            Id = 350, Name = "candidate lost, elect again",
            When = [AGoalIs(PreparePromotion, StopReplication, NodeState.FastForward), AIsUnhealthy, OthersTakePart, AIsNotAwaited],
            Then = [To(s_a, NodeState.ReportLsn)], Why = s => $"as it is unhealthy and was not promoted: {Reason(s.A, s)}.",
            Rationale = "It was not told to promote, so another one may be; should it come back, it takes part. A rewind, by which it takes back what it has too much, is left to end where nobody else can lead.",
        },
        new()
        {
            Id = 351, Name = "call the failover off",
            When = [AReported(Draining, DemoteTimeout, Demoted, PrepareMaintenance), AGoalIs(Draining, DemoteTimeout, PrepareMaintenance), AReportsNow, CandidateIsUnhealthy, NobodyElseTakesPart],
            Then = [To(s_a, WaitPrimary), To(s_candidate, CatchingUp)],
            Why = s => $"as {UnhealthyCandidate(s)} is unhealthy and was not promoted: {Reason(UnhealthyCandidate(s)!, s)}.",
            Priorities = WithoutPreference,
            Rationale = "Nobody was told to promote, so the old primary still holds everything and may go on alone.",
        },
        new()
        {
            Id = 352, Name = "call off a failover that would lose something",
            When = [AReported(Draining, DemoteTimeout, PrepareMaintenance), AGoalIs(Draining, DemoteTimeout, PrepareMaintenance), AReportedJustNow, CandidateIsLeftBehind],
            Then = [To(s_a, WaitPrimary), To(s_laggingCandidate, CatchingUp)],
            Why = s => $"as {Election.WhatItLacks(LaggingCandidate(s)!, s.A)}.", // the condition found it
            Priorities = WithoutPreference,
            Rationale = "Nobody is in the quorum, and the old primary, which was stopped in order, is well: it goes on rather than lose what the candidate has not received. Nobody was told to promote.",
        },
        new()
        {
            Id = 353, Name = "call the election off",
            When = [AReported(Draining, DemoteTimeout, Demoted, PrepareMaintenance), AGoalIs(Draining, DemoteTimeout, PrepareMaintenance), AReportsNow, ALed, ElectionIsOn, ElectionIsStuck],
            Then = [To(s_a, WaitPrimary)],
            Why = s => $"as nobody can take over from it: {s.Election.Blocked}.",
            Priorities = WithoutPreference,
            Rationale = "The old primary has stopped and holds everything; while those that are left cannot take over, it goes on.",
        },

        // ---- the old primary comes back
        new()
        {
            Id = 355, Name = "old primary may follow", When = [AConvergedTo(Demoted), PIsServing, PIsHealthy],
            Then = [To(s_a, CatchingUp)], Why = s => $"after {s.P} took over.",
            Rationale = "The new primary is up; A rejoins as its standby.",
        },

        // ---- the standbys of an election
        new()
        {
            Id = 359, Name = "follow the node that was elected", When = [AConvergedTo(JoinSecondary), PIsServing, PIsHealthy],
            Then = [To(s_a, Secondary)], Why = s => $"after {s.P} took over.",
            Rationale = "The new primary is up. Should A have something that it has not, its keeper takes that back first.",
        },
        new()
        {
            Id = 363, Name = "a primary to copy", When = [AReported(Init), AGoalIs(NodeState.ReportLsn), PIsServing],
            Then = [To(s_a, WaitStandby)], Why = s => $"as {s.P} leads the group that it joins.",
            Rationale = "It was to copy a node that had reported its position, for an election that is over.",
        },
        new()
        {
            Id = 364, Name = "too late to report",
            When = [
                AReported(Secondary, CatchingUp, JoinSecondary, NodeState.FastForward, PreparePromotion, StopReplication, WaitMaintenance, Maintenance, PrepareMaintenance,
                    Draining, DemoteTimeout, Demoted),
                AGoalIs(NodeState.ReportLsn), PIsServing, PIsHealthy],
            Then = [To(s_a, CatchingUp)], Why = s => $"as {s.P} leads, and its position is not asked for any more.",
            Rationale = "The election is over. A node whose data is not whole could not even start to report: following the primary, it is rebuilt.",
        },
        new()
        {
            Id = 365, Name = "another node was elected", When = [AConvergedTo(NodeState.ReportLsn), SomeoneIsReady],
            Then = [To(s_a, JoinSecondary)], Why = _ => "as another node was elected.",
            Rationale = "Also the state from which A can be asked for its position again, should that node be lost.",
        },
        new()
        {
            Id = 367, Name = "asked for its position", When = [AIsDraftable, ElectionIsOn, HasOthers],
            Then = [To(s_a, NodeState.ReportLsn)], Why = _ => "as the group needs a new primary.",
            Rationale = "A stops receiving and says how far it has got.",
        },
        new()
        {
            Id = 369, Name = "old primary asked for its position",
            When = [AReported(Demoted), AGoalIs(Demoted, CatchingUp), ElectionIsOn, ElectionIsStuck, HasOthers],
            Then = [To(s_a, NodeState.ReportLsn)], Why = s => $"as nobody can be elected without it: {s.Election.Blocked}.",
            Rationale = "Who had taken over was removed. A waits to follow somebody; it may be the only one that can lead, and takes back what it has too much. "
                + "Not asked before: it may be in the middle of a rewind, for which nobody is to wait.",
        },
        new()
        {
            Id = 371, Name = "elected, nobody else acknowledges", When = [ElectionIsOn, AIsChosen, ALacksNothing, HasOthers, NobodyElseMayAcknowledge],
            Then = [To(s_a, WaitPrimary), To(s_leaving, Demoted), To(s_retiring, Maintenance)],
            Why = s => $"as it was elected: among the nodes that reported it has the highest candidate priority, and lacks nothing; {ElectionProof(s)}.",
            Priorities = WithoutPreference,
            Rationale = "What an election needs is nearly always the proof, too: those that reported have stopped receiving, and hold every acknowledged write.",
        },
        new()
        {
            Id = 375, Name = "elected", When = [ElectionIsOn, AIsChosen, ALacksNothing, HasOthers],
            Then = [To(s_a, PreparePromotion)], Why = _ => "as it was elected: among the nodes that reported it has the highest candidate priority, and lacks nothing.",
            Priorities = WithoutPreference,
            Rationale = "Those that reported hold every acknowledged write, and the one that has got furthest holds all of them. The proof that the old primary has stopped is still to come.",
        },
        new()
        {
            Id = 377, Name = "elected, and has to fetch WAL", When = [ElectionIsOn, AIsChosen, ALacksSomething, HasOthers],
            Then = [To(s_a, NodeState.FastForward)], Why = s => $"as it was elected for its candidate priority, and lacks what {s.Election.Source} has.",
            Priorities = WithoutPreference,
            Rationale = "It fetches what it lacks before it is promoted.",
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
            Id = 408, Name = "standbys out of reach",
            When = [AIsPrimary, AIsHealthy, AReportedJustNow, SyncRequired, SomeoneInQuorum, NoQuorumSecondary, QuorumIsOutOfReach, SomeQuorumNodeIsUp, AGoalIs(Primary, ApplySettings), NoFailoverInProgress],
            Then = [To(s_a, WaitPrimary)], Why = s => $"as the standbys that it waits for are up and have not received from it for {s.Settings.ReplicationStallTimeout.TotalSeconds:F0} s.",
            Rationale = "The link between data nodes is cut while everything is up: writes must not hang for ever. That a standby outside the quorum receives helps nobody who "
                + "waits. Standbys that are down are another matter: then number_sync_standbys is the operator's word that writes wait for them.",
        },
        new()
        {
            Id = 410, Name = "settings changed", When = [AConvergedTo(Primary), SettingsDiffer, EnoughSecondaries],
            Then = [To(s_a, ApplySettings)], Why = s => $"to have synchronous_standby_names '{SynchronousStandbyNames.For(s.Group)}'.",
            Rationale = "A standby came or went, or a setting was changed. Both the old and the new value count until the primary has confirmed the new one.",
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

    private static Subject One(string name, Func<Situation, NodeView?> find) => new(name, s => find(s) is { } node ? [node] : []);

    // An election that is over, one way or the other, takes back what perform_promotion added for it.
    private static IEnumerable<(long NodeId, int Priority)> WithoutPreference(Situation s) => Election.WithoutPreference(s.Group);

    private static Effect To(Subject subject, NodeState goal) => new(subject, goal);

    private static string Reason(NodeView node, Situation s) => NodeJudgement.WhyUnhealthy(node, s.Group, s.Settings, s.Clock) ?? "unknown";

    private static string ElectionProof(Situation s) => OthersHaveStopped.Holds(s)
        ? "no other node takes writes any more"
        : "the old primary waits for acknowledgements that it cannot get any more";

    private static string SlowOrLost(Situation s) => string.Join(
        " and ",
        s.Group.Nodes.Where(n => n.Id != s.A.Id && n.Reported.CanTakeWrites()).Select(n =>
            NodeJudgement.WhyLost(n, s.Group, s.Settings, s.Clock) is { } lost
                ? $"{n} cannot be waited for: {lost}"
                : $"{n} has not stopped within primary_demote_timeout"));
}
