using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Forecasts;

/// <summary>What happens to acknowledged writes.</summary>
public enum WriteFate
{
    /// <summary>Whoever leads holds all of them.</summary>
    Kept,

    /// <summary>Whoever leads may lack the last of them: no standby was waited for, or an operator has given them up.</summary>
    MayBeLost,

    /// <summary>Nobody leads: they are where they are, and cannot be read until somebody does.</summary>
    OutOfReach,
}

/// <summary>What becomes of a group by itself when one of its nodes is lost at this moment, or none: the state in which nothing more changes.</summary>
public sealed record Forecast
{
    /// <summary>The node that is imagined to be lost; null when none is.</summary>
    public NodeView? Lost { get; private init; }

    /// <summary>Who takes writes in the end; null when nobody does.</summary>
    public NodeView? Leader { get; private init; }

    /// <summary>
    /// Nodes that would lead in place of <see cref="Leader"/> if they have received more: of equal candidates the one that has got furthest wins,
    /// and how far that is they will say only then.
    /// </summary>
    public ImmutableArray<NodeView> OrElse { get; private init; } = [];

    public WriteFate Writes { get; private init; }

    /// <summary>Somebody leads, and its commits wait for standbys that are not there.</summary>
    public bool CommitsWait { get; private init; }

    /// <summary>How long at most until a new primary takes writes: where the lost host just falls silent. Null when nobody is promoted.</summary>
    public TimeSpan? Within { get; private init; }

    /// <summary>Nodes that are away already, and are taken to stay so.</summary>
    public ImmutableArray<NodeView> Away { get; private init; } = [];

    /// <summary>What the rules would decide, in order.</summary>
    public ImmutableArray<Decision> Decisions { get; private init; } = [];

    /// <summary>What the group would wait for in the end, with what an operator could do; null when for nothing.</summary>
    public string? Blocked { get; private init; }

    /// <summary>
    /// Other outcomes that were found: in the middle of a change it may depend on whose report comes first, on what is done and not said yet, and on whether
    /// the loss shows at once, by connections that end and are refused, or by silence.
    /// </summary>
    public ImmutableArray<Forecast> Otherwise { get; private init; } = [];

    /// <summary>The group is at rest now, so that nothing depends on what comes first: this, or one of <see cref="Otherwise"/>, is what happens.</summary>
    public bool IsCertain { get; private init; }

    /// <summary>The group in the end.</summary>
    public required GroupView AtRest { get; init; }

    /// <summary>Runs the rules forward.</summary>
    /// <param name="lostId">The node that is lost now: its host does not answer any more. Null: none.</param>
    public static Forecast Of(GroupView group, long? lostId, MonitorSettings settings, Clock clock)
    {
        var first = Run(group, lostId, descending: false, settings, clock);
        var others = new List<Forecast>();
        foreach (var (view, descending) in Variations(group, lostId, settings, clock))
        {
            var other = Run(view, lostId, descending, settings, clock);
            if (!others.Prepend(first).Any(o => o.IsSameOutcome(other)))
            {
                others.Add(other);
            }
        }

        return first with { Otherwise = [.. others], IsCertain = IsAtRest(group) };
    }

    /// <summary>
    /// What is not known and may count: whether a loss shows as silence or as evidence; and, unless the group is at rest, whose report comes first
    /// and how much a standby has received since its last one.
    /// </summary>
    private static IEnumerable<(GroupView View, bool Descending)> Variations(GroupView group, long? lostId, MonitorSettings settings, Clock clock)
    {
        var isAtRest = IsAtRest(group);
        foreach (var view in isAtRest ? [group] : new[] { group, AtTheFurthest(group), Course.OneRoundOn(group, lostId, settings, clock) })
        {
            foreach (var descending in isAtRest ? [false] : new[] { false, true })
            {
                yield return (view, descending);
                if (settings.EnableHealthChecks && lostId is { } id && view.Find(id) is { } lost)
                {
                    yield return (view.With(lost with { Link = KeeperLink.Gone, LinkChangedAt = clock.Now, Probe = ProbeOutcome.Refused, ProbedAt = clock.Now }), descending);
                }
            }
        }
    }

    private static bool IsAtRest(GroupView group) => group.Nodes.All(n => n.Goal == n.Reported && n.GoalConfirmed);

    private static GroupView AtTheFurthest(GroupView group)
    {
        var timeline = group.Live.Select(n => n.Timeline).DefaultIfEmpty().Max();
        var lsn = group.Live.Where(n => n.Timeline == timeline).Select(n => n.Lsn).DefaultIfEmpty().Max();
        return group with
        {
            Nodes = [.. group.Nodes.Select(n => n.Goal == NodeState.ReportLsn && n.Reported is NodeState.Secondary or NodeState.CatchingUp && n.Timeline == timeline ? n with { Lsn = lsn } : n)],
        };
    }

    private bool IsSameOutcome(Forecast other) =>
        Leader?.Id == other.Leader?.Id && Writes == other.Writes && CommitsWait == other.CommitsWait;

    private static Forecast Run(GroupView group, long? lostId, bool descending, MonitorSettings settings, Clock clock)
    {
        var presence = new Presence(group, lostId, settings, clock);
        var course = Course.Run(group, descending, settings, clock, presence);
        var end = course.Group;
        var leader = new KeeperOutlook(end, presence).Leader;
        return new Forecast
        {
            Lost = lostId is { } id ? group.Find(id) : null,
            Leader = leader,
            OrElse = leader is null ? [] : Rivals(course, leader, presence, settings),
            Writes = leader is null ? WriteFate.OutOfReach : Fate(course, leader, presence),
            CommitsWait = leader is not null && CommitsWaitOn(end, leader, presence),
            Within = course.LeaderAfter,
            Away = [.. group.Live.Where(n => n.Id != lostId && Presence.IsAway(n, group, settings, clock))],
            Decisions = [.. course.Decisions.Select(d => d.Decision)],
            Blocked = Blockage.Of(end, settings, course.Clock),
            AtRest = end,
        };
    }

    private static WriteFate Fate(Course course, NodeView leader, Presence presence)
    {
        foreach (var (decision, before, _) in course.Decisions)
        {
            if (decision.Goals.FirstOrDefault(g => g.NodeId == leader.Id && g.Goal.CanTakeWrites()) is { NodeId: > 0 } && IsPromoted(before.Find(leader.Id)))
            {
                return HoldsEverything(before, leader, presence.IsDeaf(leader) ? [] : course.StoppedInOrder) ? WriteFate.Kept : WriteFate.MayBeLost;
            }
        }

        return WriteFate.Kept;
    }

    private static bool IsPromoted(NodeView? node) => node is not null && KeeperOutlook.IsStandby(node.Reported);

    /// <summary>As the rules prove it, and by the order of a stop that was planned.</summary>
    private static bool HoldsEverything(GroupView before, NodeView winner, ImmutableHashSet<long> stoppedInOrder)
    {
        var holders = before.Live
            .Where(n => n.Id == winner.Id || n.ConvergedTo(NodeState.ReportLsn) || n.ConvergedTo(NodeState.JoinSecondary) || n.ConvergedTo(NodeState.StopReplication))
            .Select(n => n.Id).ToHashSet();
        return !before.Terms.IsEmpty && before.Terms.All(t => t.AreMetBy(holders) || stoppedInOrder.Contains(t.LeaderId));
    }

    private static ImmutableArray<NodeView> Rivals(Course course, NodeView leader, Presence presence, MonitorSettings settings)
    {
        foreach (var (decision, before, clock) in course.Decisions)
        {
            var isChosen = decision.Goals.Any(g => g.NodeId == leader.Id && (g.Goal is NodeState.PreparePromotion or NodeState.FastForward || g.Goal.CanTakeWrites()));
            if (isChosen && before.Find(leader.Id) is { } winner && winner.ConvergedTo(NodeState.ReportLsn))
            {
                return [.. before.Live.Where(n => n.Id != winner.Id && n.CandidatePriority == winner.CandidatePriority
                    && n.ConvergedTo(NodeState.ReportLsn) && presence.Has(n) && NodeJudgement.IsHealthy(n, before, settings, clock))];
            }
        }

        return [];
    }

    private static bool CommitsWaitOn(GroupView end, NodeView leader, Presence presence)
    {
        var outlook = new KeeperOutlook(end, presence);
        return end.Terms.Any(t => t.LeaderId == leader.Id && t.Standbys is var (required, members)
            && members.Count(m => end.Find(m) is { } standby && outlook.Streams(standby)) < required);
    }
}
