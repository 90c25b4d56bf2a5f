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
        "A has a data directory of its own that is not in maintenance",
        s => s.A.Reported is not (NodeState.WaitStandby or NodeState.PrepareMaintenance)
            && !s.A.ConvergedTo(NodeState.Maintenance));

    public static readonly Condition AIsPrimary = new("A can take writes, by report and by goal", s => s.AIsPrimary);

    public static readonly Condition ATakesNoWrites = new(
        "A takes no writes and is not to, by report and by goal", s => !s.A.Reported.CanTakeWrites() && !s.A.Goal.CanTakeWrites());

    public static readonly Condition AIsHealthy = new("A is healthy", s => s.Healthy(s.A));

    public static readonly Condition AReportsNow = new(
        "A's keeper is in touch", s => NodeJudgement.IsInTouch(s.A, s.Group, s.Settings, s.Clock));

    public static readonly Condition AReportedJustNow = new(
        "A's keeper has reported within the last moments", s => s.Clock.Now - s.A.ReportedAt <= NodeJudgement.OwnWordFreshness);

    public static readonly Condition AStreams = new(
        "A streams from P and writes what it receives, as far as its keeper tells",
        s => s.A.Evidence.KeeperVersion is null || s.A.Evidence.WalReceiver is { Streaming: true, WritesNothing: not true } r && r.UpstreamNodeId == s.P!.Id);

    public static readonly Condition AWithinSyncThreshold = new(
        "A is on P's timeline and within enable_sync_wal_log_threshold",
        s => s.A.Timeline == s.P!.Timeline && WalWithin(s.A, s.P, s.Settings.EnableSyncWalLogThreshold));

    public static readonly Condition AWithinPromoteThreshold = new(
        "A is within promote_wal_log_threshold of P's last report", s => WalWithin(s.A, s.P!, s.Settings.PromoteWalLogThreshold));

    public static readonly Condition NobodyDroppedMayWrite = new(
        "no node that is being dropped can acknowledge writes",
        s => s.Group.Nodes.All(n => n.Goal != NodeState.Dropped || !NodeJudgement.MayAcknowledge(n, s.Group)) || IsCutOff(s));

    /// <summary>What makes A the sole candidate of a pair.</summary>
    public static readonly Condition AHoldsAll = new(
        "A holds every acknowledged write, and without A no further one can be acknowledged", s => AckKnowledge.IsAllHeldBy(s.Group, [s.A.Id]));

    public static readonly Condition IsPair = new("the group has two live nodes", s => s.Others.Length == 1);

    public static readonly Condition IsLarger = new("the group has more than two live nodes", s => s.Others.Length > 1);

    public static readonly Condition AIsUnhealthy = new("A is unhealthy", s => s.Unhealthy(s.A));

    public static readonly Condition OthersAreEnough = new(
        "the standbys that are in touch hold every acknowledged write, and one of them may lead",
        s => Election.CouldSucceedWith(s.Group, [.. s.Electorate.Where(n => n.Id != s.A.Id)]));

    public static readonly Condition ElectionIsOn = new(
        "nobody leads or is chosen, and no primary is about to stop",
        s => !s.SomeoneIsChosen && (s.Group.Live.Any(n => n.Goal == NodeState.ReportLsn) || !s.Group.Nodes.Any(n => IsStopping(s, n))));

    public static readonly Condition AIsDraftable = new(
        "A is a standby that can report its position", s => Situation.IsDraftable(s.A) && s.A.Goal != NodeState.ReportLsn);

    public static readonly Condition AIsChosen = new("A is chosen", s => !s.SomeoneIsChosen && s.Election.Winner?.Id == s.A.Id);

    public static readonly Condition ALacksNothing = new("A lacks nothing that another healthy node reported", s => s.Election.Source is null);

    public static readonly Condition ALacksSomething = new("A lacks something that another healthy node reported", s => s.Election.Source is not null);

    public static readonly Condition ElectionIsStuck = new("nobody can be chosen among those that reported", s => !s.SomeoneIsChosen && s.Election.Blocked is not null);

    public static readonly Condition NobodyIsAhead = new(
        "no healthy node that reported its position has more than A", s => !s.Others.Any(n => IsSource(s, n)));

    public static readonly Condition AHasFetchedEverything = new(
        "A has got as far as nodes that hold every acknowledged write", s => Election.HasFetchedEverything(s.Group, s.A, s.Settings, s.Clock));

    public static readonly Condition OthersTakePart = new(
        "other nodes take part in the election", s => s.Others.Any(n => n.Goal is NodeState.ReportLsn or NodeState.JoinSecondary));

    public static readonly Condition AIsNotAwaited = new(
        "A is not stopped for a rewind, or another healthy node that takes part may lead",
        s => s.A.Evidence.Rewriting is not true
            || s.Others.Any(n => n.CandidatePriority > 0 && n.Goal is NodeState.ReportLsn or NodeState.JoinSecondary && s.Healthy(n)));

    public static readonly Condition NobodyElseTakesPart = new(
        "no other node takes part in an election", s => !s.Others.Any(n => n.Goal is NodeState.ReportLsn or NodeState.JoinSecondary));

    public static readonly Condition SomeoneIsReady = new(
        "another node is about to take over, or has",
        s => s.Others.Any(n => n.Goal.CanTakeWrites() || n.Goal == NodeState.StopReplication));

    public static readonly Condition NobodyElseLeads = new("no other node is meant to lead", s => !s.Others.Any(n => n.Goal.CanTakeWrites()));

    public static readonly Condition OthersHaveStopped = new(
        "every other node that led has reported that it has stopped", s => s.Group.Nodes.All(n => n.Id == s.A.Id || !NodeJudgement.MayAcknowledge(n, s.Group)));

    public static readonly Condition AHasWhatTheOldPrimaryHad = new(
        "where no standby takes part in the quorum: A has all that the old primary, if that is well, had when it stopped, and has said so since the monitor began",
        s => FinalPosition.AheadOf(s.A, s.Group, s.Settings, s.Clock) is null && FinalPosition.Awaited(s.Group, s.Settings, s.Clock) is null);

    public static readonly Condition CandidateIsLeftBehind = new(
        "the node that was to take over lacks what A had when it stopped, and A has waited for it",
        s => s.Clock.Now - s.A.StateChangedAt > Election.Patience && LaggingCandidate(s) is not null);

    public static readonly Condition NobodyElseMayAcknowledge = new(
        "every other node that led has reported that it has stopped, or it is known on which terms it acknowledges, and none can be without the nodes that have stopped receiving",

        // Where loss was accepted nothing is known any more of whom the old primary waits for.
        s => OthersHaveStopped.Holds(s) || (!s.Group.Terms.IsEmpty && IsCutOff(s)));

    public static readonly Condition OthersAreCutOff = new(
        "the nodes that have stopped receiving are so many that no write can be acknowledged without them", IsCutOff);

    public static readonly Condition AllAsynchronous = new("no standby takes part in the quorum", s => Election.IsAsynchronous(s.Group));

    public static readonly Condition SettingsDiffer = new(
        "synchronous_standby_names is to be another, or is not known for certain",
        s => s.Group.Terms is not [var terms] || terms != new AckTerms(s.A.Id, SynchronousStandbyNames.For(s.Group)));

    public static readonly Condition QuorumIsOutOfReach = new(
        "none of the standbys that A waits for has received from it for replication_stall_timeout", s => Stalled(s, s.A));

    // One that has just come back is given the time to begin to receive.
    public static readonly Condition SomeQuorumNodeIsUp = new(
        "a node of the quorum is healthy, and has been up for replication_stall_timeout",
        s => s.Others.Any(n => n.ReplicationQuorum && s.Healthy(n)
            && s.Clock.Now - n.LinkChangedAt > s.Settings.ReplicationStallTimeout && s.Clock.Now - n.RunsSince > s.Settings.ReplicationStallTimeout));

    public static readonly Condition PIsHealthy = new("P is healthy", s => s.P is { } p && s.Healthy(p));

    public static readonly Condition PIsUnhealthy = new("P is unhealthy", s => s.P is { } p && s.Unhealthy(p));

    public static readonly Condition OthersAreLostOrSlow = new(
        "every other node that may still take writes is lost, or has had primary_demote_timeout to stop",
        s => s.Group.Nodes.Where(n => n.Id != s.A.Id && NodeJudgement.MayAcknowledge(n, s.Group)).ToList() is { Count: > 0 } others && others.All(n => IsLostOrSlow(s, n)));

    public static readonly Condition PLeads = new(
        "P is another node, takes writes, and is primary or about to be again",
        s => s.P is { } p && p.Id != s.A.Id && p.Reported.CanTakeWrites() && p.Goal is NodeState.Primary or NodeState.ApplySettings or NodeState.JoinPrimary);

    // Where loss was accepted that is forgotten. A node that is still to stop has been replaced by nobody.
    public static readonly Condition ALed = new(
        "A is the last primary, as far as is known", s => s.Group.Terms.IsEmpty || s.Group.Terms.Any(t => t.LeaderId == s.A.Id));

    public static readonly Condition EnoughSecondaries = new(
        "the secondaries of the quorum are as many as a commit waits for",
        s => !s.Others.Any(n => n.ReplicationQuorum)
            || s.Others.Count(n => n.ReplicationQuorum && n.Goal == NodeState.Secondary) >= Math.Max(1, s.Group.Formation.NumberSyncStandbys));

    public static readonly Condition PDoesWithoutA = new(
        "P is wait_primary, or is primary and waits for others",
        s => s.P is { } p && p.Id != s.A.Id
            && (p.ConvergedTo(NodeState.WaitPrimary) || (p.ConvergedTo(NodeState.Primary) && s.Group.Terms.All(t => !MayName(t, s.A.Id)))));

    public static readonly Condition PLeaseIsOver = new(
        "P has been asked to stop, and has heard neither from the monitor nor from a standby for longer than primary_demote_timeout",
        s => s.P is { } p && p.Id != s.A.Id && !p.Goal.CanTakeWrites() && NodeJudgement.LeaseIsOver(p, s.Group, s.Settings, s.Clock));

    public static readonly Condition NoFailoverInProgress = new("no failover is in progress", s => !s.FailoverInProgress);

    public static readonly Condition HasOthers = new("there are other live nodes", s => !s.Others.IsEmpty);

    public static readonly Condition NobodyHasData = new(
        "every live node has reported wait_standby", s => s.Group.Live.All(n => n.Reported == NodeState.WaitStandby));

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

    public static readonly Condition SyncRequired = new("number_sync_standbys is above 0", s => s.Group.Formation.NumberSyncStandbys > 0);

    public static readonly Condition NoSyncRequired = new("number_sync_standbys is 0", s => s.Group.Formation.NumberSyncStandbys == 0);

    public static readonly Condition CandidateIsUnhealthy = new(
        "the node that was to take over is unhealthy and was not promoted", s => UnhealthyCandidate(s) is not null);

    public static Condition AConvergedTo(params NodeState[] states)
    {
        var set = new NodeStateSet(states);
        return new($"A is {set}", s => set.Contains(s.A.Goal) && s.A.ConvergedTo(s.A.Goal));
    }

    public static Condition AGoalIs(params NodeState[] states)
    {
        var set = new NodeStateSet(states);
        return new($"A's goal is {set}", s => set.Contains(s.A.Goal));
    }

    public static Condition AGoalIsNot(params NodeState[] states)
    {
        var set = new NodeStateSet(states);
        return new($"A's goal is not {set}", s => !set.Contains(s.A.Goal));
    }

    public static Condition AReported(params NodeState[] states)
    {
        var set = new NodeStateSet(states);
        return new($"A reported {set}", s => set.Contains(s.A.Reported));
    }

    public static Condition PConvergedTo(params NodeState[] states)
    {
        var set = new NodeStateSet(states);
        return new($"P is {set}", s => s.P is { } p && p.Id != s.A.Id && set.Contains(p.Goal) && p.ConvergedTo(p.Goal));
    }

    public static Condition PIsServing { get; } = new(
        "P serves: it reported wait_primary, join_primary, primary or apply_settings and keeps such a goal",
        s => s.P is { } p && p.Id != s.A.Id && p.Goal.CanTakeWrites()
            && p.Reported is NodeState.WaitPrimary or NodeState.JoinPrimary or NodeState.Primary or NodeState.ApplySettings);

    public static NodeView? UnhealthySecondary(Situation s) =>
        s.Others.FirstOrDefault(n => n.Goal == NodeState.Secondary
            && n.Reported is not (NodeState.ReportLsn or NodeState.JoinSecondary) && s.Unhealthy(n));

    public static NodeView? StalledSecondary(Situation s) =>
        s.Secondaries.FirstOrDefault(n => Stalled(s, n)
            || (s.A.Reported == NodeState.Primary && Stalled(s, s.A) && (n.ReplicationQuorum || Election.IsAsynchronous(s.Group))));

    public static NodeView? UnhealthyCandidate(Situation s) =>
        s.Others.FirstOrDefault(n => n.Goal is NodeState.PreparePromotion or NodeState.StopReplication && s.Unhealthy(n));

    public static NodeView? LaggingCandidate(Situation s) => s.Others.FirstOrDefault(n =>
        n.Goal is NodeState.PreparePromotion or NodeState.StopReplication && FinalPosition.AheadOf(n, s.Group, s.Settings, s.Clock)?.Id == s.A.Id);

    /// <summary>True when the distance is within the limit; false as long as one of the positions is unknown.</summary>
    public static bool WalWithin(NodeView a, NodeView b, long bytes) =>
        a.Lsn.IsValid && b.Lsn.IsValid && a.Lsn.DistanceTo(b.Lsn) <= (ulong)bytes;

    private static bool MayName(AckTerms terms, long nodeId) =>
        terms.StandbyNames.Length > 0 && (terms.Standbys is not var (_, members) || members.Contains(nodeId));

    private static bool Stalled(Situation s, NodeView node) =>
        node.NotStreamingSince is { } since && s.Clock.Now - since > s.Settings.ReplicationStallTimeout;

    private static bool DrainTimeIsOver(Situation s, NodeView p) => s.Clock.Now - p.StateChangedAt > s.Settings.PrimaryDemoteTimeout;

    /// <summary>Told to stop, and still to be waited for.</summary>
    public static bool IsStopping(Situation s, NodeView n) =>
        n.Goal is NodeState.Draining or NodeState.DemoteTimeout or NodeState.PrepareMaintenance or NodeState.Dropped && n.Reported.CanTakeWrites() && !IsLostOrSlow(s, n);

    private static bool IsLostOrSlow(Situation s, NodeView n) => !n.Goal.CanTakeWrites() && (s.Lost(n) || DrainTimeIsOver(s, n));

    /// <summary>No write can be acknowledged without the nodes that receive nothing.</summary>
    private static bool IsCutOff(Situation s) => s.Group.Terms.IsEmpty ? OthersAreGivenUp(s) : AckKnowledge.IsAllHeldBy(
        s.Group,
        s.Group.Live.Where(Situation.ReceivesNothing).Select(n => n.Id).ToHashSet());

    // Where loss was accepted it is not known whom the old primary waits for: then it has at least to be lost, or long silent.
    private static bool OthersAreGivenUp(Situation s) => s.Group.Nodes.All(n =>
        n.Id == s.A.Id || !NodeJudgement.MayAcknowledge(n, s.Group) || s.Lost(n) || NodeJudgement.IsOverdue(n, s.Settings, s.Clock));

    private static bool IsSource(Situation s, NodeView n) =>
        n.ConvergedTo(NodeState.ReportLsn) && s.Healthy(n) && Election.IsBehind(s.A, n);
}
