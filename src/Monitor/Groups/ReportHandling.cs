using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>What a keeper's heartbeat changes (monitor-api.md section 5.2).</summary>
internal static class ReportHandling
{
    /// <summary>Takes a report over. Returns the refusal, or null.</summary>
    public static ApiError? Take(GroupChange change, NodeReport report, bool knowsGoal)
    {
        if (change.After.Find(report.NodeId) is not { } node)
        {
            return UnknownNode(report.NodeId);
        }

        if (IsOfAnotherKeeper(node, report))
        {
            return new(ApiError.ObjectInUse, $"another keeper has just become the one of node {report.NodeId}");
        }

        var after = Reports.Accept(node, report, knowsGoal, change.Clock);
        if (node.RegistrationId.Length == 0 || KeepsItsSession(report))
        {
            // The first name counts where the keeper or the monitor was of a version that had none when the node was registered; and again after the
            // keeper has gone back to one, or to its files of then.
            after = after with { RegistrationId = report.Evidence.RegistrationId ?? "" };
        }

        change.After = AckKnowledge.Confirm(change.After, change.After.With(after), report.NodeId);
        if (KeepsItsSession(report))
        {
            ObservationHandling.Linked(change, report.NodeId, KeeperLink.Connected);
        }

        if (after.Reported != node.Reported)
        {
            change.Announce($"New state is reported by {after}: \"{after.Reported.ToWire()}\"", after);
        }

        return null;
    }

    /// <summary>
    /// Whether the end of the session says anything about the keeper. One of version 2.0, which sends no evidence, opens a session for
    /// each report, and so does whoever calls the function by hand.
    /// </summary>
    public static bool KeepsItsSession(NodeReport report) => report.Evidence.KeeperVersion is not null;

    /// <summary>The report has the node's id from another registration than the one that the node is of. A report that does not say is not one.</summary>
    public static bool IsOfAnotherKeeper(NodeView node, NodeReport report) =>
        report.Evidence.RegistrationId is { } id && node.RegistrationId.Length > 0 && id != node.RegistrationId;

    /// <summary>Checks what can be checked without the node.</summary>
    public static ApiError? Check(NodeReport report)
    {
        if (report.RepState is not ("" or "unknown" or "sync" or "async" or "quorum" or "potential"))
        {
            return new(ApiError.InvalidParameterValue, $"invalid replication state: \"{report.RepState}\"",
                "current_rep_state is one of unknown, async, potential, sync, quorum, or empty");
        }

        return report.Timeline < 0
            ? new(ApiError.InvalidParameterValue, $"invalid timeline: {report.Timeline}", "Timelines count from 1; 0 stands for unknown")
            : NodeNaming.Problem("registration", report.Evidence.RegistrationId ?? "");
    }

    /// <summary>
    /// The refusal of a keeper that was never registered here. Its node was not removed either, so that it goes on as without a monitor: the one that
    /// knows it may come back, or an operator registers it with this one.
    /// </summary>
    public static ApiError ForeignKeeper(long nodeId) => new(
        ApiError.ForeignKeeper, $"the keeper that reports as node {nodeId} was never registered with this monitor",
        "The monitor was made anew, or is not the one that the node belongs to",
        "\"pg_autoctl disable monitor --force\" on each node, the primary last, and then \"pg_autoctl enable monitor\", the primary first, registers them here without a stop");

    public static ApiError UnknownNode(long nodeId) => new(
        ApiError.UndefinedObject, $"couldn't find node with nodeid {nodeId}",
        "It was never registered with this monitor, or it has been removed", "\"pg_autoctl show state\" lists the nodes");
}
