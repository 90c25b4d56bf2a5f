using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary><c>pgautofailover.perform_failover</c> and <c>perform_promotion</c> (monitor-api.md sections 6.1 and 6.2).</summary>
public static class Failover
{
    /// <summary>Id of the operation in events: the position of the same rule in the development branch.</summary>
    public const int RuleId = 105;

    /// <summary>
    /// A planned switchover: the primary drains first. The standby of a pair is promoted then; several standbys elect one of them.
    /// </summary>
    public static OperationResult Perform(GroupView group, MonitorSettings settings, Clock clock)
    {
        var live = group.Live;
        if (live.Length < 2)
        {
            return Refused(
                "cannot perform a failover: there is no other node to fail over to",
                $"group {group.GroupId} of formation \"{group.Formation.Id}\" has {live.Length} node; two are required");
        }

        var primary = live.FirstOrDefault(n => n.ConvergedTo(NodeState.Primary) || n.ConvergedTo(NodeState.JoinPrimary));
        var standbys = live.Where(n => n.Id != primary?.Id && n.ConvergedTo(NodeState.Secondary)).ToList();
        if (primary is null || standbys.Count == 0)
        {
            return Refused(
                "cannot perform a failover: the nodes are not in a stable state",
                string.Join("; ", live.Select(Describe)),
                "A failover needs one node in state primary and one in state secondary: wait until \"pg_autoctl show state\" says so. "
                    + "Where the primary does not come back, \"pg_autoctl perform failover --allow-data-loss\" gives up what only it holds");
        }

        return WhyNot(group, standbys, settings, clock) is { } refusal ? refusal : OperationResult.Accepted(live.Length == 2
            ? new Decision
            {
                RuleId = RuleId,
                Message = $"Setting goal state of {primary} to draining and {standbys[0]} to prepare_promotion after a user-initiated failover.",
                Goals = [new(primary.Id, NodeState.Draining), new(standbys[0].Id, NodeState.PreparePromotion)],
            }
            : new Decision
            {
                RuleId = 107,
                Message = $"Setting goal state of {primary} to draining after a user-initiated failover.",
                Goals = [new(primary.Id, NodeState.Draining)],
            });
    }

    /// <summary>
    /// A failover that gives up what only lost nodes hold: for a group that cannot serve otherwise. Refused while a failover without loss is
    /// possible, or may become so by itself.
    /// </summary>
    public static OperationResult PerformWithLoss(GroupView group, MonitorSettings settings, Clock clock)
    {
        if (group.Live.IsEmpty)
        {
            return Refused("cannot perform a failover: the group has no node");
        }

        var electorate = group.Live.Where(n =>
            (Situation.IsDraftable(n) && NodeJudgement.IsHealthy(n, group, settings, clock))
            || (n.Reported is NodeState.Demoted or NodeState.Draining or NodeState.DemoteTimeout && !n.Goal.CanTakeWrites() && NodeJudgement.IsInTouch(n, group, settings, clock))).ToList();
        var primary = group.Live.FirstOrDefault(n => n.Goal.CanTakeWrites());
        if (primary is not null && NodeJudgement.WhyUnhealthy(primary, group, settings, clock) is null)
        {
            return electorate.Any(n => n.Id != primary.Id) ? Perform(group, settings, clock) : Refused(
                $"cannot perform a failover: {primary} is not known to be lost", Describe(primary),
                "Wait until its health checks have failed, and make sure that it does not run any more");
        }

        if (primary is null && new Situation(group, group.Live[0], settings, clock) is { GoesOnByItself: true })
        {
            return Refused(
                "cannot perform a failover: one is under way that loses nothing",
                string.Join("; ", group.Live.Select(Describe)),
                "Wait for it; where it does not end, \"pg_autoctl explain\" says what it waits for");
        }

        electorate.RemoveAll(n => n.Id == primary?.Id);
        if (!electorate.Any(n => n.CandidatePriority > 0))
        {
            return Refused(
                "cannot perform a failover: there is no healthy node with a candidate priority above 0 to take over",
                string.Join("; ", group.Live.Select(Describe)));
        }

        var best = electorate.OrderBy(n => n.Timeline).ThenBy(n => n.Lsn).Last();
        if (Election.OnLaterTimeline(group, best) is { } later)
        {
            return Refused(
                $"cannot perform a failover: {Election.WhatItWouldBeginAgain(best, later)}", Describe(later),
                Election.HowToDoWithout(later, group));
        }

        var lost = WhatIsLost(group, electorate, primary);
        return OperationResult.Accepted(new Decision
        {
            RuleId = 106,
            AcceptsLoss = true,
            Message = $"Failing over without the certainty that no acknowledged write is lost, as a user asked for: {lost}.",
            Goals = [.. primary is null ? [] : new[] { new GoalChange(primary.Id, NodeState.Draining) }, .. electorate.Select(n => new GoalChange(n.Id, NodeState.ReportLsn))],
        }) with
        { Remark = ("WARNING", new ApiError("01000", "acknowledged writes may be lost", lost)) };
    }

    /// <summary>What <see cref="PerformWithLoss"/> gives up, in a sentence.</summary>
    public static string WhatIsLost(GroupView group, IReadOnlyCollection<NodeView> electorate, NodeView? primary)
    {
        var best = electorate.OrderBy(n => n.Timeline).ThenBy(n => n.Lsn).Last();
        var others = group.Live.Where(n => !electorate.Contains(n) && n.Lsn > best.Lsn && n.Timeline >= best.Timeline).ToList();
        return $"the most advanced node in touch is {best} at {best.Lsn} on timeline {best.Timeline}"
            + string.Concat(others.Select(n => $"; {n} was at {n.Lsn}, {n.Lsn.DistanceTo(best.Lsn)} bytes further, when it last reported"))
            + (primary is null ? "" : $"; whatever {primary} acknowledged after that is not known");
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

        if (!node.ConvergedTo(NodeState.Secondary) && !node.ConvergedTo(NodeState.ReportLsn))
        {
            return OperationResult.Refused(new(
                ApiError.ObjectNotInPrerequisiteState,
                $"cannot perform promotion: {node} is not a secondary",
                Describe(node),
                "Wait until \"pg_autoctl show state\" lists it as secondary"));
        }

        if (group.Live.Length > 2 && WhyNot(group, [node], settings, clock, alone: false) is { } refusal)
        {
            return refusal;
        }

        var result = Perform(group, settings, clock);
        return group.Live.Length > 2 && result is { Decision: { } decision }
            ? result with
            {
                Decision = decision with
                {
                    Message = $"{decision.Message[..^1]}, with candidate priority {node.CandidatePriority + Election.Preference} for {node}.",
                    Priorities = [(node.Id, node.CandidatePriority + Election.Preference)],
                },
            }
            : result;
    }

    private static OperationResult? WhyNot(GroupView group, List<NodeView> standbys, MonitorSettings settings, Clock clock, bool alone = true)
    {
        if (standbys.All(n => n.CandidatePriority == 0))
        {
            return Refused(
                $"cannot perform a failover: {standbys[0]} has candidate priority 0",
                hint: $"Set it with \"pg_autoctl set node candidate-priority --name {standbys[0].Name} 50\"");
        }

        var healthy = standbys.Where(n => NodeJudgement.WhyUnhealthy(n, group, settings, clock) is null).ToList();
        if (healthy.Count == 0)
        {
            return Refused($"cannot perform a failover: {standbys[0]} is unhealthy", NodeJudgement.WhyUnhealthy(standbys[0], group, settings, clock), "Bring it back first");
        }

        return !alone || Election.CouldSucceedWith(group, healthy) ? null : Refused(
            "cannot perform a failover: the standbys in touch may lack acknowledged writes",
            string.Join("; ", group.Live.Select(Describe)),
            "Bring the other standbys back first");
    }

    internal static string Describe(NodeView node) =>
        $"{node} is in state {node.Reported.ToWire()}" + (node.Reported == node.Goal ? "" : $" and is assigned {node.Goal.ToWire()}");

    private static OperationResult Refused(string message, string? detail = null, string? hint = null) =>
        OperationResult.Refused(new(ApiError.InternalError, message, detail, hint));
}
