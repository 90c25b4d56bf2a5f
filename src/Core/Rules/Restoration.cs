using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// How a group whose rows were restored from a backup becomes one that can be decided for. The rows may name a primary of long ago, and know
/// nothing of what was acknowledged since: a goal of theirs could promote a node that lacks it. So no keeper is told a goal before every node of the
/// rows has reported, and one of them serves. No keeper starts a primary without a monitor's answer: a node that serves is the one that was the
/// primary when the monitor was lost. It leads on, alone until it has confirmed its standbys anew.
/// </summary>
public static class Restoration
{
    private const int RuleId = 131;

    private const string HowToBeginAnew =
        "to register the nodes anew, \"pg_autoctl disable monitor --force\" on each, and then \"pg_autoctl enable monitor\", on the primary first.";

    /// <summary>The decision that ends it; null as long as what the nodes say is not enough.</summary>
    public static Decision? Settle(GroupView group, MonitorSettings settings, Clock clock) =>
        WhyWaiting(group, settings, clock) is null && group.Live.FirstOrDefault(IsServing) is { } leader
            ? Follow(group, leader, "serves and goes on as the primary")
            : null;

    /// <summary>
    /// An operator names the primary of a group in which none serves: one that stopped, or was stopped, as a primary. Only a person can know that no node
    /// that is missing in the backup has taken over from it; and a node that does not run tells no timeline.
    /// </summary>
    public static OperationResult Choose(GroupView group, string nodeName, MonitorSettings settings, Clock clock)
    {
        var node = group.Live.FirstOrDefault(n => n.Name == nodeName);
        return node is null || group.Live.Any(IsServing) || group.Live.Any(n => !HasReported(n, settings, clock))
            || !(node.Reported.BelongsToPrimary() || node.Reported == NodeState.Demoted)
            ? OperationResult.Refused(Refusal(group) with
            {
                Detail = WhyWaiting(group, settings, clock),
                Hint = "A node can be named that has stopped as a primary, when each node has reported and none serves",
            })
            : OperationResult.Accepted(Follow(group, node, "goes on as the primary after a user-initiated promotion"));
    }

    /// <summary>An operator gives up what nodes hold that are gone: an election is held among those that are left, as in any group without a primary.</summary>
    public static OperationResult GiveUp(GroupView group, MonitorSettings settings, Clock clock) =>
        group.Live.IsEmpty || group.Live.Any(n => IsServing(n) || !HasReported(n, settings, clock))
            ? OperationResult.Refused(Refusal(group) with { Detail = WhyWaiting(group, settings, clock) })
            : OperationResult.Accepted(new Decision
            {
                RuleId = RuleId,
                Message = "The group was restored from a backup, and none of its nodes serves: one of them is elected, after a user-initiated failover that accepts the loss of data.",
                Goals = [.. group.Live.Select(n => new GoalChange(n.Id, GoalOf(n)))],
                EndsRestoration = true,
            }) with
            {
                Remark = ("WARNING", new ApiError("01000", "acknowledged writes may be lost",
                    "which of the nodes holds everything that was acknowledged is not known, as the monitor was restored from a backup; the most advanced one is elected")),
            };

    /// <summary>What a restored group waits for, as a sentence with what an operator can do; null when it waits for nothing.</summary>
    public static string? WhyWaiting(GroupView group, MonitorSettings settings, Clock clock)
    {
        var silent = group.Live.Where(n => !HasReported(n, settings, clock)).ToList();
        if (silent.Count > 0)
        {
            return $"{Waits(group)} {Names(silent)} {(silent.Count == 1 ? "has" : "have")} not reported since. "
                + "Start what does not run; \"pg_autoctl drop node --name NODE --force\" gives up a node that is gone for good.";
        }

        var serving = group.Live.Where(IsServing).ToList();
        return serving switch
        {
            [] => $"{Waits(group)} no node that the backup knows serves. \"pg_autoctl perform promotion --name NODE\" names the one that was the primary last; "
                + $"if that one is lost for good, \"pg_autoctl perform failover --allow-data-loss\" elects another; if the backup does not know it, {HowToBeginAnew}",
            [var leader] => group.Live.FirstOrDefault(n => n.Timeline > leader.Timeline) is { } ahead
                ? $"{Waits(group)} {leader} serves, and {ahead} is ahead of it, on timeline {ahead.Timeline}: {HowToBeginAnew}"
                : null,
            _ => $"{Waits(group)} {Names(serving)} serve, each as a primary: {HowToBeginAnew}",
        };
    }

    /// <summary>The refusal of whatever needs a decision, while nothing can be decided.</summary>
    public static ApiError Refusal(GroupView group) => new(
        ApiError.ObjectNotInPrerequisiteState,
        $"group {group.GroupId} of formation \"{group.Formation.Id}\" was restored from a backup, and nothing is decided for it before its nodes have reported",
        Hint: "\"pg_autoctl explain\" on the monitor tells what it waits for");

    /// <summary>
    /// The refusal of a node that the backup does not know. It does not say that the node was removed, as that would stop it: until its group is
    /// settled it may be the one that serves.
    /// </summary>
    public static ApiError RefusalOfUnknown(long nodeId) => new(
        ApiError.ObjectNotInPrerequisiteState,
        $"the monitor was restored from a backup that does not know node {nodeId}",
        "It goes on as it is until the groups of the backup are settled, and is asked to stop then",
        $"If it is the primary, do not wait for that: {HowToBeginAnew}");

    private static Decision Follow(GroupView group, NodeView leader, string why) => new()
    {
        RuleId = RuleId,
        Message = $"The group was restored from a backup, and each of its nodes has reported: {leader} {why}, the others follow it.",
        Goals = [.. group.Live.Select(n => new GoalChange(n.Id, n.Id == leader.Id ? NodeState.WaitPrimary : GoalOf(n)))],
        EndsRestoration = true,
    };

    // Each is a state that the keeper can reach from what it reported. Following begins anew, so that the monitor hears that the node
    // streams from the leader before it counts on that.
    private static NodeState GoalOf(NodeView node) => node.Reported switch
    {
        NodeState.Init or NodeState.WaitStandby => NodeState.WaitStandby,
        NodeState.Dropped => NodeState.Dropped,
        NodeState.Maintenance => NodeState.Maintenance,
        var state when state.CanTakeWrites() => NodeState.Demoted,
        _ => NodeState.CatchingUp,
    };

    private static bool HasReported(NodeView node, MonitorSettings settings, Clock clock) =>
        node.ReportedAt > clock.StartedAt && clock.Now - node.ReportedAt <= settings.NodeConsideredUnhealthyTimeout;

    // A keeper of 2.0 sends no evidence; what it says of PostgreSQL has to do.
    private static bool IsServing(NodeView node) =>
        node.Reported.CanTakeWrites() && node.PgIsRunning && (node.Evidence.KeeperVersion is null || node.Evidence.StreamingStandbys is not null);

    private static string Waits(GroupView group) => $"Group {group.GroupId} was restored from a backup and waits:";

    private static string Names(IEnumerable<NodeView> nodes) => string.Join(", ", nodes);
}
