using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// What a rule looks at: a group at a moment, from the point of view of one node, A. The names A, P and "others" are those of
/// the rule table and of the generated document.
/// </summary>
/// <param name="A">The node that is being looked at.</param>
public sealed record Situation(GroupView Group, NodeView A, MonitorSettings Settings, Clock Clock)
{
    private Election? _election;

    /// <summary>The group's primary, or the node that is being demoted from that; null when there is none.</summary>
    public NodeView? P { get; } = PrimaryOf(Group);

    /// <summary>Live nodes other than A.</summary>
    public ImmutableArray<NodeView> Others { get; } = [.. Group.Live.Where(n => n.Id != A.Id)];

    /// <summary>A may acknowledge writes now and is meant to.</summary>
    public bool AIsPrimary => A.Reported.CanTakeWrites() && A.Goal.CanTakeWrites();

    /// <summary>Other nodes that have fully become standbys: reported and goal state are <c>secondary</c>.</summary>
    public IEnumerable<NodeView> Secondaries => Others.Where(n => n.ConvergedTo(NodeState.Secondary));

    /// <summary>Some node is on its way to replace the primary.</summary>
    public bool FailoverInProgress => Group.Live.Any(n =>
        n.Goal is NodeState.FastForward or NodeState.ReportLsn || IsTakingOver(n));

    /// <summary>The node is to be promoted, or has been told to promote and has not said that it did.</summary>
    public static bool IsTakingOver(NodeView node) =>
        node.Goal is NodeState.PreparePromotion or NodeState.StopReplication
        || (node.Goal == NodeState.WaitPrimary && node.Reported is NodeState.PreparePromotion or NodeState.StopReplication or NodeState.ReportLsn);

    /// <summary>A standby with data, which can be asked how far it has got. Also one that was to take over, was called off, and finds nobody to follow.</summary>
    public static bool IsDraftable(NodeView node) =>
        (node.Reported is NodeState.Secondary or NodeState.CatchingUp && node.Goal is NodeState.Secondary or NodeState.CatchingUp)
        || (node.Reported is NodeState.PreparePromotion or NodeState.StopReplication && node.Goal == NodeState.CatchingUp)
        || (node.Reported == NodeState.JoinSecondary && node.Goal is NodeState.JoinSecondary or NodeState.Secondary)
        || (node.Reported == NodeState.ReportLsn && node.Goal == NodeState.JoinSecondary)
        || (node.Reported == NodeState.Maintenance && node.Goal == NodeState.CatchingUp)
        || node.ConvergedTo(NodeState.ReportLsn);

    /// <summary>
    /// Nodes in these states do not receive from a primary. One that joins may have been told to receive from the new one before, so
    /// its goal counts too: once it is <c>secondary</c>, the node is not cut off any more.
    /// </summary>
    public static bool ReceivesNothing(NodeView node) =>
        node.ConvergedTo(NodeState.ReportLsn) || node.ConvergedTo(NodeState.JoinSecondary) || node.ConvergedTo(NodeState.StopReplication);

    /// <summary>Takes part in an election, or can be asked to.</summary>
    public static bool MayTakePart(NodeView node) => IsDraftable(node) || node.Goal == NodeState.ReportLsn;

    /// <summary>Is on its way to lead, and has not been told to promote.</summary>
    public static bool IsElected(NodeView node) => node.Goal is NodeState.PreparePromotion or NodeState.StopReplication or NodeState.FastForward;

    /// <summary>Finds the group's primary: by goal state first, then the node that is stepping down, then by what is reported.</summary>
    public static NodeView? PrimaryOf(GroupView group)
    {
        var live = group.Live;
        return live.FirstOrDefault(n => n.Goal.CanTakeWrites())
            ?? live.FirstOrDefault(n => n.Goal is NodeState.Draining or NodeState.DemoteTimeout or NodeState.PrepareMaintenance)
            ?? live.LastOrDefault(n => n.Reported.BelongsToPrimary() || n.Reported == NodeState.Demoted);
    }

    /// <summary>The election among the nodes that report their position, as far as it has come.</summary>
    public Election Election => _election ??= Election.Of(Group, Settings, Clock);

    /// <summary>Some node leads, or is on its way to.</summary>
    public bool SomeoneIsChosen => Group.Live.Any(n => n.Goal.CanTakeWrites() || IsElected(n));

    /// <summary>A failover waits for what comes within moments: a primary that is about to stop, or nodes that are about to say how far they have got.</summary>
    public bool GoesOnByItself => Group.Live.Any(n => Conditions.IsStopping(this, n))
        || (!SomeoneIsChosen && Election.Blocked is null && Group.Live.Any(n => n.Goal == NodeState.ReportLsn));

    /// <summary>Standbys that would take part in an election now: they are in touch, have data, and can stop to receive.</summary>
    public IEnumerable<NodeView> Electorate => Group.Live.Where(n => IsDraftable(n) && Healthy(n));

    public bool Healthy(NodeView node) => NodeJudgement.IsHealthy(node, Group, Settings, Clock);

    public bool Unhealthy(NodeView node) => NodeJudgement.WhyUnhealthy(node, Group, Settings, Clock) is not null;

    public bool Lost(NodeView node) => NodeJudgement.WhyLost(node, Group, Settings, Clock) is not null;
}
