using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// How far an old primary had got when its keeper stopped it while it served. Where nobody is in the quorum no rule about acknowledgements says who has
/// everything; this position does. As long as the old primary is well it can simply go on, so nobody is promoted who lacks what it has: a switchover
/// that somebody plans loses nothing, whatever the settings are. A primary that is lost is another matter: then <c>promote_wal_log_threshold</c> counts.
/// </summary>
internal static class FinalPosition
{
    /// <summary>An old primary that is well and has what this node has not received, as far as it has reported; null when there is none.</summary>
    public static NodeView? AheadOf(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        WellIn(group, settings, clock).FirstOrDefault(n => n.Id != node.Id && Of(n) is { } end && (node.Timeline, node.Lsn).CompareTo((n.Timeline, end)) < 0);

    /// <summary>An old primary that was well when the monitor's service was stopped, and has not said since how far it had got; null when there is none.</summary>
    public static NodeView? Awaited(GroupView group, MonitorSettings settings, Clock clock) =>
        WellIn(group, settings, clock).FirstOrDefault(n => n.ReportedAt <= clock.StartedAt);

    /// <summary>Null when it is not known.</summary>
    public static Lsn? Of(NodeView node) => Lsn.TryParse(node.Evidence.StoppedAt, out var end) ? end : null;

    // Once it is told to follow, somebody has been told to lead.
    private static IEnumerable<NodeView> WellIn(GroupView group, MonitorSettings settings, Clock clock) => Election.IsAsynchronous(group)
        ? group.Live.Where(n => IsSteppingDown(n.Goal) && IsSteppingDown(n.Reported) && group.Terms.Any(t => t.LeaderId == n.Id)
            && NodeJudgement.IsInTouch(n, group, settings, clock))
        : [];

    private static bool IsSteppingDown(NodeState state) => state is NodeState.Draining or NodeState.DemoteTimeout or NodeState.PrepareMaintenance;
}
