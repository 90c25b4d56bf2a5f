using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// The choice of a new primary among the nodes that stopped receiving and reported how far they had got. Pure: from a view follows who
/// is chosen, or what is waited for.
/// </summary>
/// <param name="Winner">The node to be promoted; null while there is none.</param>
/// <param name="Source">A healthy node that has WAL which the winner lacks; null when it lacks nothing.</param>
/// <param name="Blocked">Why nobody can be chosen, although nobody else is about to report; null otherwise.</param>
public sealed record Election(NodeView? Winner, NodeView? Source, string? Blocked)
{
    /// <summary>What an operator can do about <see cref="Blocked"/>, in a sentence without its end; null where no more is to be said than that what is away should come back, or be given up.</summary>
    public string? WayOut { get; private init; }

    /// <summary>How long a node that is in touch may take to report its position, before others are chosen without it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(3);

    /// <summary>What <c>perform_promotion</c> adds to the priority of the node that it names, until an election is over (monitor-api.md section 6.2).</summary>
    public const int Preference = 101;

    /// <summary>The nodes that <c>perform_promotion</c> preferred, with the priority that they have without that.</summary>
    public static IEnumerable<(long NodeId, int Priority)> WithoutPreference(GroupView group) =>
        group.Live.Where(n => n.CandidatePriority >= Preference).Select(n => (n.Id, n.CandidatePriority - Preference));

    private static readonly Election s_waiting = new(null, null, null);

    /// <summary>Holds the election as far as it has come.</summary>
    public static Election Of(GroupView group, MonitorSettings settings, Clock clock)
    {
        var reporters = group.Live.Where(HasReported).ToImmutableArray();
        if (group.Live.Any(n => IsAboutToReport(n, group, settings, clock)) || FinalPosition.Awaited(group, settings, clock) is not null)
        {
            return s_waiting;
        }

        var alive = reporters.Where(n => NodeJudgement.IsHealthy(n, group, settings, clock)).ToImmutableArray();
        if (alive.IsEmpty)
        {
            return new(null, null, "no node has reported how far it has got");
        }

        var best = alive.MaxBy(Position)!; // of a list that is not empty
        if (!HoldsEverything(group, alive, settings, clock)
            && !(Position(best).CompareTo(Position(reporters.MaxBy(Position)!)) >= 0 && HoldsEverything(group, reporters, settings, clock)))
        {
            return new(null, null, FinalPosition.AheadOf(best, group, settings, clock) is { } ahead ? WhatItLacks(best, ahead) : WhatIsMissing(group, reporters, alive));
        }

        if (OnLaterTimeline(group, best) is { } later)
        {
            return new(null, null, WhatItWouldBeginAgain(best, later)) { WayOut = HowToDoWithout(later, group) };
        }

        var winner = alive.Where(n => n.CandidatePriority > 0)
            .OrderByDescending(n => n.CandidatePriority).ThenByDescending(Position).ThenBy(n => n.Id).FirstOrDefault();
        return winner is null
            ? new(null, null, "every node that reported has candidate priority 0")
            {
                WayOut = $"\"pg_autoctl set node candidate-priority --formation {group.Formation.Id} --name {best.Name} 50\" lets {best} lead",
            }
            : new(winner, IsBehind(winner, best) ? best : null, null);
    }

    /// <summary>
    /// A member that is known to have got to a later timeline than a node that might lead, or null. PostgreSQL counts timelines where it is promoted: the node would
    /// begin one of the same number, and once the member is back nothing that PostgreSQL looks at would tell the two apart. It would follow, and be corrupted.
    /// </summary>
    public static NodeView? OnLaterTimeline(GroupView group, NodeView node) => group.Live.FirstOrDefault(n => n.Timeline > node.Timeline);

    /// <summary>Why such a node does not lead, in a sentence.</summary>
    public static string WhatItWouldBeginAgain(NodeView node, NodeView later) =>
        $"{later} has got to timeline {later.Timeline}, and {node}, which is on timeline {node.Timeline}, would begin another one of that number";

    /// <summary>What can be done about it, in a sentence without its end.</summary>
    public static string HowToDoWithout(NodeView later, GroupView group) =>
        $"Start {later} where it is down; where it is lost for good, or somebody has promoted it by hand, "
            + $"\"pg_autoctl drop node --formation {group.Formation.Id} --name {later.Name} --force\" lets the others go on without what it has";

    /// <summary>Whether an election could succeed if these nodes took part: they hold everything, and one of them may lead.</summary>
    public static bool CouldSucceedWith(GroupView group, IReadOnlyCollection<NodeView> nodes) =>
        nodes.Any(n => n.CandidatePriority > 0)
        && (IsAsynchronous(group) || AckKnowledge.IsAllHeldBy(group, nodes.Select(n => n.Id).ToHashSet()));

    /// <summary>Whether <paramref name="node"/> lacks something that <paramref name="other"/> reported to have.</summary>
    public static bool IsBehind(NodeView node, NodeView other) => Position(node).CompareTo(Position(other)) < 0;

    /// <summary>
    /// Whether a candidate that was to fetch has got far enough: to positions that were reported by nodes which hold every acknowledged write. The node that it was
    /// to fetch from may have gone, and what others had to give may be less.
    /// </summary>
    public static bool HasFetchedEverything(GroupView group, NodeView candidate, MonitorSettings settings, Clock clock) =>
        HoldsEverything(
            group, [.. group.Live.Where(n => n.Id == candidate.Id || (HasReported(n) && !IsBehind(candidate, n)))], settings, clock);

    /// <summary>No standby takes part in the quorum: the operator has accepted that a failover may lose what was not replicated yet.</summary>
    public static bool IsAsynchronous(GroupView group) => group.Live.All(n => !n.ReplicationQuorum || group.Terms.Any(t => t.LeaderId == n.Id));

    /// <summary>
    /// Whether nothing is left to be known of what a node acknowledged once it is removed, having stopped by itself: it led, and no standby took part in the quorum.
    /// The operator has accepted what the standbys lack. A node that joins them afterwards may take part in the quorum; that is no reason to wait for the one that is gone.
    /// </summary>
    public static bool IsLastWordOf(NodeView removed, GroupView group) =>
        group.Terms.Any(t => t.LeaderId == removed.Id) && !group.Live.Any(n => n.Goal.CanTakeWrites()) && IsAsynchronous(group);

    private static bool HasReported(NodeView node) => node.ConvergedTo(NodeState.ReportLsn) && node.Lsn.IsValid;

    // A higher timeline was begun by a node that held everything before: it comes first however short it is.
    private static (int Timeline, Lsn Lsn) Position(NodeView node) => (node.Timeline, node.Lsn);

    // One that could be asked and was not yet will be, in this very turn.
    private static bool IsAboutToReport(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        node.Goal == NodeState.ReportLsn
            ? !HasReported(node)
                && clock.Now - node.StateChangedAt <= Patience
                && NodeJudgement.WhyUnhealthy(node, group, settings, clock) is null
            : Situation.IsDraftable(node) && NodeJudgement.IsHealthy(node, group, settings, clock);

    private static bool HoldsEverything(GroupView group, ImmutableArray<NodeView> nodes, MonitorSettings settings, Clock clock) =>
        AckKnowledge.IsAllHeldBy(group, nodes.Select(n => n.Id).ToHashSet())
        || (IsAsynchronous(group) && LeaderIsDone(group, settings, clock)
            && nodes.Any(n => IsCloseToLeader(group, n, settings) && FinalPosition.AheadOf(n, group, settings, clock) is null));

    /// <summary>The last primary has stopped, or has been silent for so long that it stopped itself.</summary>
    private static bool LeaderIsDone(GroupView group, MonitorSettings settings, Clock clock) =>
        group.Terms.All(t => group.Find(t.LeaderId) is not { } leader
            || (!leader.Goal.CanTakeWrites() && !leader.Reported.CanTakeWrites())
            || (!leader.Goal.CanTakeWrites() && NodeJudgement.LeaseIsOver(leader, group, settings, clock)));

    private static bool IsCloseToLeader(GroupView group, NodeView node, MonitorSettings settings) =>
        group.Terms.All(t => group.Find(t.LeaderId) is not { } leader || !leader.Lsn.IsValid || node.Lsn >= leader.Lsn
            || leader.Lsn.DistanceTo(node.Lsn) <= (ulong)settings.PromoteWalLogThreshold);

    /// <summary>What an old primary has and the most advanced of the others has not, in a sentence.</summary>
    public static string WhatItLacks(NodeView node, NodeView ahead) =>
        $"{node} has received up to {node.Lsn}, and lacks what {ahead} had when it stopped, up to {FinalPosition.Of(ahead)}";

    private static string WhatIsMissing(GroupView group, ImmutableArray<NodeView> reporters, ImmutableArray<NodeView> alive)
    {
        var have = string.Join(", ", alive.Select(n => n.ToString()));
        var away = group.Nodes
            .Where(n => !alive.Contains(n) && group.Terms.Any(t => t.LeaderId == n.Id || t.Standbys is var (_, members) && members.Contains(n.Id)))
            .Select(n => n.ToString() + (reporters.Contains(n) ? ", which has gone since it reported" : ""));
        return $"{have} may lack acknowledged writes that only others hold: {string.Join(", ", away)}";
    }
}
