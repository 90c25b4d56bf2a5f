using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary><c>pgautofailover.perform_failover</c> and <c>perform_promotion</c> (monitor-api.md sections 6.1 and 6.2).</summary>
public static class Failover
{
    /// <summary>Id of the operation in events: the position of the same rule in the development branch.</summary>
    public const int RuleId = 105;

    /// <summary>A planned switchover to the standby: the primary drains first, then the standby is promoted.</summary>
    public static OperationResult Perform(GroupView group, MonitorSettings settings, Clock clock)
    {
        var live = group.Live;
        if (live.Length < 2)
        {
            return Refused(
                "cannot perform a failover: there is no other node to fail over to",
                $"group {group.GroupId} of formation \"{group.Formation.Id}\" has {live.Length} node; two are required");
        }

        var primary = live.FirstOrDefault(n => n.ConvergedTo(NodeState.Primary) || n.ConvergedTo(NodeState.JoinPrimary) || n.ConvergedTo(NodeState.Single));
        var standby = live.First(n => n.Id != primary?.Id);
        if (primary is null || !standby.ConvergedTo(NodeState.Secondary))
        {
            return Refused(
                "cannot perform a failover: the nodes are not in a stable state",
                string.Join("; ", live.Select(Describe)),
                "A failover needs one node in state primary and one in state secondary: wait until \"pg_autoctl show state\" says so");
        }

        if (standby.CandidatePriority == 0)
        {
            return Refused(
                $"cannot perform a failover: {standby} has candidate priority 0",
                hint: $"Set it with \"pg_autoctl set node candidate-priority --name {standby.Name} 50\"");
        }

        if (NodeJudgement.WhyUnhealthy(standby, group, settings, clock) is { } why)
        {
            return Refused($"cannot perform a failover: {standby} is unhealthy", why, "Bring it back first");
        }

        return OperationResult.Accepted(new Decision
        {
            RuleId = RuleId,
            Message = $"Setting goal state of {primary} to draining and {standby} to prepare_promotion after a user-initiated failover.",
            Goals = [new(primary.Id, NodeState.Draining), new(standby.Id, NodeState.PreparePromotion)],
        });
    }

    /// <summary>Fails over to a named node. Value is false, with a notice, when that node leads already.</summary>
    public static OperationResult Promote(GroupView group, string nodeName, MonitorSettings settings, Clock clock)
    {
        var node = group.Live.FirstOrDefault(n => n.Name == nodeName);
        if (node is null)
        {
            return OperationResult.Refused(new(
                ApiError.UndefinedObject, $"node \"{nodeName}\" is not registered in formation \"{group.Formation.Id}\""));
        }

        if (node.ConvergedTo(NodeState.Primary) || node.ConvergedTo(NodeState.Single))
        {
            var remark = new ApiError(
                ApiError.ObjectNotInPrerequisiteState,
                $"cannot perform promotion: node {node.Name} in formation {group.Formation.Id} is already a primary.");
            return OperationResult.Accepted(value: false) with { Remark = ("NOTICE", remark) };
        }

        return node.ConvergedTo(NodeState.Secondary) || node.ConvergedTo(NodeState.ReportLsn)
            ? Perform(group, settings, clock)
            : OperationResult.Refused(new(
                ApiError.ObjectNotInPrerequisiteState,
                $"cannot perform promotion: {node} is not a secondary",
                Describe(node),
                "Wait until \"pg_autoctl show state\" lists it as secondary"));
    }

    internal static string Describe(NodeView node) =>
        $"{node} is in state {node.Reported.ToWire()}" + (node.Reported == node.Goal ? "" : $" and is assigned {node.Goal.ToWire()}");

    private static OperationResult Refused(string message, string? detail = null, string? hint = null) =>
        OperationResult.Refused(new(ApiError.InternalError, message, detail, hint));
}
