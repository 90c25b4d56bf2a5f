using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary><c>pgautofailover.start_maintenance</c> and <c>stop_maintenance</c> (monitor-api.md sections 6.3 and 6.4).</summary>
public static class Maintenance
{
    /// <summary>Takes a node out of service. Value is false for an unknown node.</summary>
    public static OperationResult Start(GroupView group, long nodeId, MonitorSettings settings, Clock clock)
    {
        if (group.Live.FirstOrDefault(n => n.Id == nodeId) is not { } node)
        {
            return OperationResult.Accepted(value: false);
        }

        if (node.Goal.IsMaintenance())
        {
            return OperationResult.Accepted();
        }

        if (node.ConvergedTo(NodeState.Primary))
        {
            return OfPrimary(group, node, settings, clock);
        }

        return node.Reported is NodeState.Secondary or NodeState.CatchingUp && node.Goal is NodeState.Secondary or NodeState.CatchingUp
            ? OfStandby(group, node)
            : NotNow($"cannot start maintenance: {node} is in the wrong state", Failover.Describe(node),
                "Maintenance starts from primary, secondary or catchingup: wait until the node is in one of these");
    }

    /// <summary>Brings a node back into service. Value is false for an unknown node.</summary>
    public static OperationResult Stop(GroupView group, long nodeId)
    {
        if (group.Live.FirstOrDefault(n => n.Id == nodeId) is not { } node)
        {
            return OperationResult.Accepted(value: false);
        }

        if (!node.ConvergedTo(NodeState.Maintenance) && !(group.Live.Length != 2 && node.ConvergedTo(NodeState.PrepareMaintenance)))
        {
            return NotNow($"cannot stop maintenance: {node} is not in maintenance", Failover.Describe(node));
        }

        if (group.Live.Length == 1)
        {
            return OperationResult.Accepted(To(123, $"Setting goal state of {node} to single after maintenance, as there is no other node.", (node, NodeState.Single)));
        }

        var primary = group.Live.FirstOrDefault(n => n.Id != nodeId && n.Goal.CanTakeWrites());
        if (primary is null && group.Live.Length == 2
            && !group.Live.Any(n => n.Id != nodeId && (n.Goal == NodeState.ReportLsn || n.Reported == NodeState.WaitStandby || n.ConvergedTo(NodeState.Maintenance))))
        {
            return NotNow($"cannot stop maintenance: group {group.GroupId} has no primary to follow",
                string.Join("; ", group.Live.Select(Failover.Describe)), "Wait until the other node is primary or wait_primary");
        }

        // Without a primary the node takes part in the election of one; what is left of a larger group may need it for that.
        var goal = primary is null ? NodeState.ReportLsn : NodeState.CatchingUp;
        return OperationResult.Accepted(To(123, $"Setting goal state of {node} to {goal.ToWire()} after a user-initiated end of maintenance.", (node, goal)));
    }

    private static OperationResult OfPrimary(GroupView group, NodeView primary, MonitorSettings settings, Clock clock)
    {
        var others = group.Live.Where(n => n.Id != primary.Id && n.ConvergedTo(NodeState.Secondary) && NodeJudgement.IsHealthy(n, group, settings, clock)).ToList();
        var candidate = others.FirstOrDefault(n => n.CandidatePriority > 0);
        if (candidate is null || !Election.CouldSucceedWith(group, others))
        {
            return NotNow($"cannot start maintenance: {primary} is the primary and there is no healthy candidate to take over",
                string.Join("; ", group.Live.Select(Failover.Describe)), "A healthy secondary with a candidate priority above 0 is required, and with it as many others as hold every write");
        }

        return OperationResult.Accepted(group.Live.Length == 2
            ? To(
                109,
                $"Setting goal state of {primary} to prepare_maintenance and {candidate} to prepare_promotion after a user-initiated start_maintenance call.",
                (primary, NodeState.PrepareMaintenance), (candidate, NodeState.PreparePromotion))
            : To(
                111,
                $"Setting goal state of {primary} to prepare_maintenance after a user-initiated start_maintenance call.",
                (primary, NodeState.PrepareMaintenance)));
    }

    private static OperationResult OfStandby(GroupView group, NodeView standby)
    {
        var primary = group.Live.FirstOrDefault(n => n.Id != standby.Id && n.Goal.CanTakeWrites());
        if (primary is null || !(primary.ConvergedTo(NodeState.Primary) || primary.ConvergedTo(NodeState.WaitPrimary)))
        {
            return NotNow($"cannot start maintenance: the primary of group {group.GroupId} is not in a stable state",
                primary is null ? null : Failover.Describe(primary), "Wait until the primary is in state primary or wait_primary");
        }

        var isLast = !group.Live.Any(n => n.Id != standby.Id && n.Id != primary.Id && n.ReplicationQuorum && n.ConvergedTo(NodeState.Secondary));
        return primary.ConvergedTo(NodeState.Primary) && group.Formation.NumberSyncStandbys == 0 && standby.ReplicationQuorum && isLast
            ? OperationResult.Accepted(To(
                113,
                $"Setting goal state of {primary} to wait_primary and {standby} to wait_maintenance after a user-initiated start_maintenance call.",
                (primary, NodeState.WaitPrimary), (standby, NodeState.WaitMaintenance)))
            : WithWarning(group, standby, primary, OperationResult.Accepted(To(
                115, $"Setting goal state of {standby} to maintenance after a user-initiated start_maintenance call.", (standby, NodeState.Maintenance))));
    }

    private static OperationResult WithWarning(GroupView group, NodeView standby, NodeView primary, OperationResult accepted)
    {
        var number = group.Formation.NumberSyncStandbys;
        var left = group.Live.Count(n => n.Id != standby.Id && n.Id != primary.Id && n.ReplicationQuorum && n.ConvergedTo(NodeState.Secondary));
        return primary.ConvergedTo(NodeState.Primary) && standby.ReplicationQuorum && standby.ConvergedTo(NodeState.Secondary) && left < number
            ? accepted with
            {
                Remark = ("WARNING", new ApiError(
                    ApiError.ObjectNotInPrerequisiteState,
                    $"writes will wait while {standby} is in maintenance",
                    $"number_sync_standbys is {number} and {left} other synchronous standby nodes are left",
                    "Set number_sync_standbys to less, or end the maintenance")),
            }
            : accepted;
    }

    private static Decision To(int ruleId, string message, params (NodeView Node, NodeState Goal)[] goals) =>
        new() { RuleId = ruleId, Message = message, Goals = [.. goals.Select(g => new GoalChange(g.Node.Id, g.Goal))] };

    private static OperationResult NotNow(string message, string? detail = null, string? hint = null) =>
        OperationResult.Refused(new(ApiError.ObjectNotInPrerequisiteState, message, detail, hint));
}
