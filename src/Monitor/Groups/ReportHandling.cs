using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>What a keeper's heartbeat changes (monitor-api.md section 5.2).</summary>
internal static class ReportHandling
{
    /// <summary>Checks a report and takes it over. Returns the refusal, or null.</summary>
    public static ApiError? Take(GroupChange change, NodeReport report)
    {
        if (change.After.Find(report.NodeId) is not { } node)
        {
            return UnknownNode(report.NodeId);
        }

        var now = change.Clock.Now;
        var stateChanged = node.Reported != report.CurrentState;
        var after = node with
        {
            Reported = report.CurrentState,
            ReportedAt = now,
            PgIsRunning = report.PgIsRunning,
            RepState = report.RepState.Length == 0 ? "unknown" : report.RepState,
            Timeline = report.Timeline == 0 ? node.Timeline : report.Timeline,
            Lsn = report.Lsn.IsValid ? report.Lsn : node.Lsn,
            WalReportedAt = report.Lsn.IsValid ? now : node.WalReportedAt,
            StateChangedAt = stateChanged ? now : node.StateChangedAt,
            Evidence = report.Evidence,
        };
        after = after with { NotStreamingSince = NotStreamingSince(after, now) };
        change.After = change.After.With(after);
        if (stateChanged)
        {
            change.Announce($"New state is reported by {after}: \"{after.Reported.ToWire()}\"", after);
        }

        return null;
    }

    /// <summary>Checks the arguments that need no group.</summary>
    public static ApiError? Check(NodeReport report) => report.RepState is "" or "unknown" or "sync" or "async" or "quorum" or "potential"
        ? null
        : new(ApiError.InvalidParameterValue, $"invalid replication state: \"{report.RepState}\"",
            "current_rep_state is one of unknown, async, potential, sync, quorum, or empty");

    public static ApiError UnknownNode(long nodeId) => new(
        ApiError.UndefinedObject, $"couldn't find node with nodeid {nodeId}",
        "It was never registered with this monitor, or it has been removed", "\"pg_autoctl show state\" lists the nodes");

    /// <summary>
    /// Since when a standby that should be receiving has not been. Only a keeper that sends evidence can tell: one of version 2.0
    /// sends none, and its silence about this proves nothing.
    /// </summary>
    private static TimeSpan? NotStreamingSince(NodeView node, TimeSpan now) =>
        node.Goal is not (NodeState.Secondary or NodeState.CatchingUp) || node.Evidence.KeeperVersion is null || node.Evidence.WalReceiver is { Streaming: true }
            ? null
            : node.NotStreamingSince ?? now;
}
