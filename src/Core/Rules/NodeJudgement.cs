using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// Whether a node counts as healthy or unhealthy. The two are not complements: of a node that has just gone silent, nothing is
/// known yet, and nothing is decided. Evidence acts at once; silence acts after the documented timeouts (monitor-fsm.md section 1);
/// a standby that still hears its primary overrules silence.
/// </summary>
public static class NodeJudgement
{
    /// <summary>
    /// How old a standby's last message from its upstream may be for the standby to vouch for it. The standby's walreceiver
    /// provokes a message after half its timeout of 3 s, and its keeper reports every second: of an idle but living primary the last
    /// word is never older than about 2.5 s.
    /// </summary>
    public static TimeSpan WitnessFreshness { get; } = TimeSpan.FromSeconds(3);

    /// <summary>How recent a node's own word must be to overrule a probe that failed before it.</summary>
    public static TimeSpan OwnWordFreshness { get; } = TimeSpan.FromSeconds(2);

    /// <summary>PostgreSQL runs there according to its keeper, recently, and no later probe says otherwise.</summary>
    public static bool IsHealthy(NodeView node, GroupView group, MonitorSettings settings, Clock clock)
    {
        if (!node.PgIsRunning || WhyLost(node, group, settings, clock) is not null || SilentFor(node, clock) > settings.NodeConsideredUnhealthyTimeout)
        {
            return false;
        }

        return node.Health != Health.Bad
            || (node.ReportedAt >= node.HealthCheckedAt && SilentFor(node, clock) <= OwnWordFreshness);
    }

    /// <summary>Its keeper has reported within <c>node_considered_unhealthy_timeout</c>, whether PostgreSQL runs there or not.</summary>
    public static bool IsInTouch(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        SilentFor(node, clock) <= settings.NodeConsideredUnhealthyTimeout && WhyLost(node, group, settings, clock) is null;

    /// <summary>Why the node cannot serve: its keeper says so, or it is lost. Null when neither is known.</summary>
    public static string? WhyUnhealthy(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        node.PgIsRunning
            ? WhyLost(node, group, settings, clock)
            : "its keeper reports that PostgreSQL is not running and does not come back";

    /// <summary>Why the host counts as gone, by evidence or by silence. Null when it is not known to be.</summary>
    public static string? WhyLost(NodeView node, GroupView group, MonitorSettings settings, Clock clock)
    {
        if (node.Link == KeeperLink.Gone && node.Probe == ProbeOutcome.Refused && node.ProbedAt >= node.LinkChangedAt)
        {
            return "its keeper's connection to the monitor has ended and nothing listens on its PostgreSQL port";
        }

        var silent = SilentFor(node, clock) > settings.NodeConsideredUnhealthyTimeout
            && node.Health == Health.Bad
            && node.HealthCheckedAt >= clock.StartedAt
            && clock.Now - clock.StartedAt > settings.StartupGracePeriod;

        return silent && WitnessFor(node, group, clock) is null
            ? $"its last report is {SilentFor(node, clock).TotalSeconds:F1} s old and health checks fail"
            : null;
    }

    /// <summary>
    /// A primary that was asked to stop and has been silent since for longer than <c>primary_demote_timeout</c>: its keeper, which reaches
    /// neither the monitor nor a standby, has stopped PostgreSQL after <c>network_partition_timeout</c>, which must be shorter.
    /// </summary>
    public static bool LeaseIsOver(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        IsOverdue(node, settings, clock) && KeptGoingBy(node, group, settings, clock) is null;

    /// <summary>
    /// A node that the primary, for all that is known, may have heard from within <c>primary_demote_timeout</c>: a standby's reply is as good
    /// for the primary's keeper as the monitor's answer, and a standby may stream although nobody hears of it. Null when there is none.
    /// </summary>
    public static NodeView? KeptGoingBy(NodeView primary, GroupView group, MonitorSettings settings, Clock clock) =>
        group.Nodes.FirstOrDefault(n => n.Id != primary.Id && MayTellOfStreaming(n, clock) && !HasNotStreamedFor(n, group, settings, clock));

    /// <summary>Asked to stop, and silent, for longer than <c>primary_demote_timeout</c>.</summary>
    public static bool IsOverdue(NodeView node, MonitorSettings settings, Clock clock) =>
        clock.Now - node.StateChangedAt > settings.PrimaryDemoteTimeout && SilentFor(node, clock) > settings.PrimaryDemoteTimeout;

    // Keepers of 2.0 never do. Of one that has not reported since the monitor started nothing is known: what it told before was in memory only.
    private static bool MayTellOfStreaming(NodeView node, Clock clock) => node.Evidence.KeeperVersion is not null || node.ReportedAt < clock.StartedAt;

    // Of a node that is to receive, only its own recent word counts: it may have begun again. One that was told not to does not begin by itself.
    private static bool HasNotStreamedFor(NodeView node, GroupView group, MonitorSettings settings, Clock clock)
    {
        var mayReceive = MayReceive(node.Reported) || MayReceive(node.Goal);
        var since = node.NotStreamingSince ?? (mayReceive ? null : node.StateChangedAt);
        return since is { } moment && clock.Now - moment > settings.PrimaryDemoteTimeout && (!mayReceive || IsInTouch(node, group, settings, clock));
    }

    private static bool MayReceive(NodeState state) => state is NodeState.Secondary or NodeState.CatchingUp or NodeState.PreparePromotion
        or NodeState.WaitMaintenance or NodeState.PrepareMaintenance or NodeState.Maintenance;

    /// <summary>By all that is known the node may have a PostgreSQL that takes writes, or may start one.</summary>
    public static bool MayAcknowledge(NodeView node, GroupView group) =>
        node.Goal.CanTakeWrites() || node.Reported.CanTakeWrites() || MayHaveBegunToLead(node, group);

    // Told to lead, and to stop before it has said that it did. Only a leader is told to drain.
    private static bool MayHaveBegunToLead(NodeView node, GroupView group) => !node.Reported.HasStopped() && node.Goal switch
    {
        NodeState.Dropped => node.Reported is NodeState.PreparePromotion or NodeState.StopReplication || group.Terms.Any(t => t.LeaderId == node.Id),
        NodeState.Draining or NodeState.DemoteTimeout => true,
        _ => false,
    };

    /// <summary>A standby that streams from the node and has heard from it within <see cref="WitnessFreshness"/>, or null.</summary>
    public static NodeView? WitnessFor(NodeView node, GroupView group, Clock clock) =>
        group.Live.FirstOrDefault(other =>
            other.Id != node.Id
            && other.Evidence.WalReceiver is { Streaming: true, LastMessageAgeMs: { } ageMs } receiver
            && receiver.UpstreamNodeId == node.Id
            && clock.Now - other.ReportedAt + TimeSpan.FromMilliseconds(ageMs) <= WitnessFreshness);

    private static TimeSpan SilentFor(NodeView node, Clock clock) => clock.Now - node.ReportedAt;
}
