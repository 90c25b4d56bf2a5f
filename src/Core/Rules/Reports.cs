using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>What a keeper's report changes in the monitor's view of its node (monitor-api.md section 5.2, step 4).</summary>
public static class Reports
{
    /// <summary>The node after a report.</summary>
    /// <param name="node">The node before it.</param>
    /// <param name="report">The report.</param>
    /// <param name="knowsGoal">
    /// Whether the keeper knew the node's present goal when it reported: the answer to its previous report, in the same session,
    /// carried it. Callers that are no keepers of ours (they send no evidence) are taken to know it.
    /// </param>
    /// <param name="clock">When it arrived.</param>
    public static NodeView Accept(NodeView node, NodeReport report, bool knowsGoal, Clock clock)
    {
        var changed = node.Reported != report.CurrentState;
        return node with
        {
            Reported = report.CurrentState,
            GoalConfirmed = report.CurrentState == node.Goal && (knowsGoal || (node.GoalConfirmed && !changed)),
            PgIsRunning = report.PgIsRunning,
            RepState = report.RepState.Length == 0 ? "unknown" : report.RepState,
            ReportedAt = clock.Now,
            Timeline = report.Timeline == 0 ? node.Timeline : report.Timeline,
            Lsn = report.Lsn.IsValid ? report.Lsn : IsFinal(node, report) ? Lsn.Invalid : node.Lsn,
            WalReportedAt = report.Lsn.IsValid ? clock.Now : node.WalReportedAt,
            StateChangedAt = changed ? clock.Now : node.StateChangedAt,
            Evidence = report.Evidence,
            NotStreamingSince = NotStreamingSince(node, report, clock),
            RunsSince = report.PgIsRunning && !node.PgIsRunning ? clock.Now : node.RunsSince,
        };
    }

    // The position that an election goes by is told with this. What was told before is older than what the node may have received and acknowledged since:
    // where PostgreSQL died in between, nothing is known.
    private static bool IsFinal(NodeView node, NodeReport report) => report.CurrentState == NodeState.ReportLsn && !node.ConvergedTo(NodeState.ReportLsn);

    private static TimeSpan? NotStreamingSince(NodeView node, NodeReport report, Clock clock)
    {
        var streams = report.CurrentState.CanTakeWrites()
            ? report.Evidence.StreamingStandbys is null or > 0
            : report.Evidence.WalReceiver is { Streaming: true };
        return report.Evidence.KeeperVersion is null || streams ? null : node.NotStreamingSince ?? clock.Now;
    }
}
