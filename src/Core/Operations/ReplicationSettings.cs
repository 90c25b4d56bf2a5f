using System.Globalization;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary>
/// Candidate priority, replication quorum and <c>number_sync_standbys</c> (monitor-api.md sections 6.5 to 6.7). The primary is sent
/// through <c>apply_settings</c> where <c>synchronous_standby_names</c> changes by it: rule 410 sees to that.
/// </summary>
public static class ReplicationSettings
{
    /// <summary>0 to 100; 0 keeps a node from ever being promoted.</summary>
    public static OperationResult SetCandidatePriority(GroupView group, string nodeName, int priority)
    {
        if (Find(group, nodeName) is not { } node)
        {
            return Unknown(group, nodeName);
        }

        if (priority is < 0 or > 100)
        {
            return Invalid("invalid value for candidate_priority", $"{priority} is not an integer from 0 to 100");
        }

        if (node.Cluster != "default" && priority != 0)
        {
            return Invalid("invalid value for candidate_priority", $"{node} belongs to the read-replica cluster \"{node.Cluster}\", whose nodes have candidate priority 0");
        }

        var others = group.Live.Count(n => n.Id != node.Id && n.CandidatePriority > 0);
        var result = Changed(125, $"Setting candidate priority to {priority} for {node}.", d => d with { Priorities = [(node.Id, priority)] });
        return priority == 0 && others < 2 && result.Error is null
            ? result with
            {
                Remark = ("NOTICE", new ApiError(
                    "00000", $"setting candidate priority to 0 for {node} prevents automated failover", $"{others} other node of the group may still be promoted")),
            }
            : result;
    }

    /// <summary>Whether the primary may wait for this node's acknowledgement.</summary>
    public static OperationResult SetReplicationQuorum(GroupView group, string nodeName, bool quorum)
    {
        if (Find(group, nodeName) is not { } node)
        {
            return Unknown(group, nodeName);
        }

        if (group.Live.Any(Situation.IsTakingOver))
        {
            return NotNow(group, "cannot set the replication quorum during a failover");
        }

        var primary = group.Live.FirstOrDefault(n => n.Goal.CanTakeWrites());
        var number = group.Formation.NumberSyncStandbys;
        var members = group.Live.Count(n => n.Id != primary?.Id && (n.Id == node.Id ? quorum : n.ReplicationQuorum));
        if (!quorum && number > 0 && members < number + 1)
        {
            return Invalid(
                "can't set replication quorum to false",
                $"At least {number + 1} standby nodes are required in formation {group.Formation.Id} with number_sync_standbys = {number}, and only {members} would be participating in the replication quorum");
        }

        return group.Live.Length > 1 && primary is null
            ? NotNow(group, "cannot set the replication quorum: the group has no primary")
            : Changed(127, $"Setting replication quorum to {(quorum ? "true" : "false")} for {node}.", d => d with { Quorums = [(node.Id, quorum)] });
    }

    /// <summary>How many acknowledgements a commit waits for; 0 means one, and none when no standby is left.</summary>
    public static OperationResult SetNumberSyncStandbys(GroupView group, int number)
    {
        if (number < 0)
        {
            return Invalid("invalid value for number_sync_standbys", $"{number.ToString(CultureInfo.InvariantCulture)} is not a non-negative integer");
        }

        var primary = group.Live.FirstOrDefault(n => n.Goal.CanTakeWrites());
        if (primary is null)
        {
            return OperationResult.Refused(new(ApiError.InternalError, $"cannot set number_sync_standbys: formation \"{group.Formation.Id}\" has no primary in group 0"));
        }

        // On its way from wait_primary to primary it waits for as many standbys as the number asks for, which may never come: a lower one ends that.
        if (primary.Reported is not (NodeState.Primary or NodeState.ApplySettings) && !primary.ConvergedTo(NodeState.WaitPrimary) && !primary.ConvergedTo(NodeState.Single)
            && primary is not { Reported: NodeState.WaitPrimary, Goal: NodeState.Primary })
        {
            return NotNow(group, "cannot set number_sync_standbys: the primary is not in a stable state");
        }

        var members = group.Live.Count(n => n.Id != primary.Id && n.ReplicationQuorum);
        return number > 0 && members < number + 1
            ? Invalid(
                "invalid value for number_sync_standbys",
                $"At least {number + 1} standby nodes are required when number_sync_standbys is {number}, and only {members} would be participating in the replication quorum",
                "Add standby nodes first")
            : Changed(129, $"Setting number_sync_standbys to {number} for formation {group.Formation.Id}.", d => d with { NumberSyncStandbys = number });
    }

    private static OperationResult Changed(int ruleId, string message, Func<Decision, Decision> change) =>
        OperationResult.Accepted(change(new Decision { RuleId = ruleId, Message = message }));

    private static NodeView? Find(GroupView group, string nodeName) => group.Live.FirstOrDefault(n => n.Name == nodeName);

    private static OperationResult Unknown(GroupView group, string nodeName) => OperationResult.Refused(new(
        ApiError.UndefinedObject, $"node \"{nodeName}\" is not registered in formation \"{group.Formation.Id}\"", Hint: "\"pg_autoctl show state\" lists the nodes"));

    private static OperationResult Invalid(string message, string detail, string? hint = null) =>
        OperationResult.Refused(new(ApiError.InvalidParameterValue, message, detail, hint));

    private static OperationResult NotNow(GroupView group, string message) => OperationResult.Refused(new(
        ApiError.ObjectNotInPrerequisiteState, message, string.Join("; ", group.Live.Select(Failover.Describe)),
        "Wait until the primary is in state primary or wait_primary and try again"));
}
