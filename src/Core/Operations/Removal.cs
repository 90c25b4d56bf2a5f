using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary><c>pgautofailover.remove_node</c> (monitor-api.md section 5.6).</summary>
public static class Removal
{
    /// <summary>
    /// Removes a node: at once with <paramref name="force"/> or when it has been dropped already; else by asking its keeper to stop.
    /// A primary is only dropped while a standby holds all that it acknowledged, or, where nobody is in the quorum, receives all that it has until it has stopped.
    /// </summary>
    public static OperationResult Remove(GroupView group, long nodeId, bool force)
    {
        if (group.Find(nodeId) is not { } node)
        {
            return OperationResult.Refused(new(ApiError.UndefinedObject, $"couldn't find node {nodeId}"));
        }

        var isGivenUp = force && !node.ConvergedTo(NodeState.Dropped);
        var receivesNothing = Situation.ReceivesNothing(node);
        if (force || node.ConvergedTo(NodeState.Dropped))
        {
            return OperationResult.Accepted(WithNumberSyncStandbys(group, node, new Decision
            {
                RuleId = 101,
                Message = $"Removing {node} from formation \"{group.Formation.Id}\" and group {group.GroupId}.",
                Removed = [node.Id],

                // A node that has stopped by itself left nothing behind that only it holds; with force that is the operator's word.
                // One that may still receive may acknowledge, too, until it hears of it: then nothing is known any more of what the old primary can do.
                AcceptsLoss = isGivenUp && (group.Terms.Any(t => t.LeaderId == node.Id) || (!receivesNothing && IsNeeded(group, node))),
                GivenUp = isGivenUp && receivesNothing && !group.Live.Any(n => n.Goal.CanTakeWrites()) ? node.Id : null,
            }));
        }

        if (node.Goal == NodeState.Dropped)
        {
            return OperationResult.Accepted();
        }

        if (IsNeeded(group, node) || Situation.IsElected(node))
        {
            return OperationResult.Refused(new(
                ApiError.ObjectNotInPrerequisiteState,
                $"cannot remove {node} while a new primary is being chosen: the other nodes may lack writes that it holds",
                string.Join("; ", group.Live.Select(Failover.Describe)),
                "Wait until there is a primary, or drop it with --force to give up what only it holds"));
        }

        var others = group.Live.Where(n => n.Id != nodeId && Situation.IsDraftable(n)).ToList();
        var decision = new Decision
        {
            RuleId = 103,
            Message = $"Setting goal state of {node} to dropped after a user-initiated remove_node call.",
            Goals = [new(nodeId, NodeState.Dropped)],
        };
        if (!node.Goal.CanTakeWrites() || group.Live.Length == 1)
        {
            return OperationResult.Accepted(WithNumberSyncStandbys(group, node, decision));
        }

        return node.ConvergedTo(NodeState.Primary) && Election.CouldSucceedWith(group, others)
            ? OperationResult.Accepted(WithNumberSyncStandbys(group, node, Election.IsAsynchronous(group) ? decision : decision with
            {
                Message = $"Setting goal state of {node} to dropped and of the other nodes to report_lsn after a user-initiated remove_node call.",
                Goals = [.. decision.Goals, .. others.Select(n => new GoalChange(n.Id, NodeState.ReportLsn))],
            }))
            : OperationResult.Refused(new(
                ApiError.ObjectNotInPrerequisiteState,
                $"cannot remove {node}: no other node holds all the writes that it acknowledged",
                string.Join("; ", group.Live.Select(Failover.Describe)),
                "Wait until it is primary and another node is secondary, or drop it with --force to give up what only it holds"));
    }

    /// <summary>
    /// In a group without a primary: an election could succeed with the node, and not without it; the one that is under way, or one in which every
    /// node takes part that the group has. Who is elected may lack what the others hold until it has fetched it.
    /// </summary>
    private static bool IsNeeded(GroupView group, NodeView node) =>
        !group.Live.Any(n => n.Goal.CanTakeWrites())
        && (IsNeededAmong(group, node, group.Live.Where(n => Situation.MayTakePart(n) || Situation.IsElected(n))) || IsNeededAmong(group, node, group.Live));

    private static bool IsNeededAmong(GroupView group, NodeView node, IEnumerable<NodeView> nodes)
    {
        var others = nodes.Select(n => n.Id).Where(id => id != node.Id).ToHashSet();
        return !AckKnowledge.IsAllHeldBy(group, others) && AckKnowledge.IsAllHeldBy(group, [.. others, node.Id]);
    }

    private static Decision WithNumberSyncStandbys(GroupView group, NodeView removed, Decision decision)
    {
        var standbys = group.Live.Count(n => n.Id != removed.Id && n.ReplicationQuorum) - 1;
        var number = group.Formation.NumberSyncStandbys;
        if (number == 0 || standbys >= number + 1)
        {
            return decision;
        }

        number = Math.Max(0, standbys - 1);
        return decision with
        {
            NumberSyncStandbys = number,
            Message = $"{decision.Message} Setting number_sync_standbys to {number}, as {(standbys == 1 ? "1 standby is" : $"{Math.Max(0, standbys)} standbys are")} left in the quorum.",
        };
    }
}
