using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>
/// What a group waits for when it cannot serve and no rule may help: in plain words, with what an operator can do. Where safety
/// and availability conflict safety wins, and this is where that is said.
/// </summary>
public static class Blockage
{
    /// <summary>A sentence, or null when the group serves or is about to.</summary>
    public static string? Of(GroupView group, MonitorSettings settings, Clock clock)
    {
        if (group.IsRestored)
        {
            return group.Live.IsEmpty ? null : Restoration.WhyWaiting(group, settings, clock);
        }

        if (group.Live.Length < 2)
        {
            return null;
        }

        var situation = new Situation(group, group.Live[0], settings, clock);
        if (!situation.SomeoneIsChosen)
        {
            return situation.Election is { Blocked: { } blocked, WayOut: var wayOut } && group.Live.Any(n => n.Goal == NodeState.ReportLsn)
                ? $"The group has no primary: {blocked}. {(wayOut is not null ? $"{wayOut}."
                    : OfMaintenance(group, group.Live.Where(n => n.ConvergedTo(NodeState.ReportLsn)), settings, clock) ?? $"Start what is away; {HowToGiveUp(group)}")}"
                : null;
        }

        if (situation.P is not { } primary)
        {
            return null;
        }

        if (!primary.Goal.CanTakeWrites() && NodeJudgement.IsOverdue(primary, settings, clock) && Election.IsAsynchronous(group)
            && NodeJudgement.KeptGoingBy(primary, group, settings, clock) is { } standby && !NodeJudgement.IsInTouch(standby, group, settings, clock))
        {
            return $"{primary} cannot be waited for, and {standby}, which is silent too, may keep it going: nobody is promoted before one of them is heard of. "
                + $"If {standby} is lost for good, \"pg_autoctl drop node --formation {group.Formation.Id} --name {standby.Name} --force\" takes it out of the group.";
        }

        var why = NodeJudgement.WhyUnhealthy(primary, group, settings, clock);
        return !primary.Goal.CanTakeWrites() ? null
            : why is null ? OfWrites(group, primary, settings, clock)
            : OfPrimary(group, primary, why, settings, clock);
    }

    /// <summary>The primary is well, and its commits wait: that is what number_sync_standbys is for, and the operator may not have thought of it.</summary>
    private static string? OfWrites(GroupView group, NodeView primary, MonitorSettings settings, Clock clock)
    {
        var number = group.Formation.NumberSyncStandbys;
        if (primary.Goal is not (NodeState.Primary or NodeState.ApplySettings or NodeState.JoinPrimary))
        {
            return null;
        }

        var quorum = group.Live.Where(n => n.Id != primary.Id && n.ReplicationQuorum).ToList();
        var away = quorum.Select(n => (Node: n, Why: WhyAway(n, group, settings, clock))).Where(n => n.Why is not null).ToList();
        var left = quorum.Count - away.Count;
        return quorum.Count == 0 || left >= number
            ? null
            : $"Writes wait on {primary}: number_sync_standbys asks for {number} standbys that have each of them, and {left} of {quorum.Count} can. "
                + $"{string.Join("; ", away.Select(n => $"{n.Node} {n.Why}"))}. Bring {(away.Count == 1 ? "it" : "one of them")} back, or "
                + $"{HowToWaitForFewer(group, left)} lets writes go on with fewer copies.";
    }

    /// <summary>The command, in quotes, that lets commits wait for so many standbys.</summary>
    public static string HowToWaitForFewer(GroupView group, int number) =>
        $"\"pg_autoctl set formation number-sync-standbys --formation {group.Formation.Id} {number}\"";

    private static string? WhyAway(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        node.Goal.IsMaintenance() ? "is in maintenance"
        : NodeJudgement.WhyUnhealthy(node, group, settings, clock) is { } why ? $"is unhealthy: {why}"
        : null;

    private static string? OfPrimary(GroupView group, NodeView primary, string why, MonitorSettings settings, Clock clock)
    {
        if (primary.Reported == NodeState.Init)
        {
            // PostgreSQL does not run while it is being made.
            return NodeJudgement.IsInTouch(primary, group, settings, clock)
                ? null
                : $"{primary}, the first of its group, is not made yet, and is silent: {why}. "
                    + $"If it is lost, \"pg_autoctl drop node --formation {group.Formation.Id} --name {primary.Name} --force\" lets another one be the first.";
        }

        var others = group.Live.Where(n => n.Id != primary.Id).ToList();
        var standbys = others.Where(Situation.IsDraftable).ToList();
        var healthy = standbys.Where(n => NodeJudgement.IsHealthy(n, group, settings, clock)).ToList();
        var list = string.Join(", ", others);
        if (Election.CouldSucceedWith(group, healthy))
        {
            return null;
        }

        if (healthy.Count > 0 && healthy.All(n => n.CandidatePriority == 0) && AckKnowledge.IsAllHeldBy(group, healthy.Select(n => n.Id).ToHashSet()))
        {
            return $"{primary} is unhealthy: {why}. {healthy[0]} holds its data and has candidate priority 0: "
                + $"\"pg_autoctl set node candidate-priority --name {healthy[0].Name} 50\" lets it take over.";
        }

        if (OfMaintenance(group, healthy, settings, clock) is { } remedy)
        {
            return $"{primary} is unhealthy: {why}. {remedy}";
        }

        if (AckKnowledge.IsAllHeldBy(group, standbys.Select(n => n.Id).ToHashSet()))
        {
            var away = string.Join("; ", standbys.Except(healthy).Select(n => $"{n} is unhealthy too: {NodeJudgement.WhyUnhealthy(n, group, settings, clock) ?? "it has not been heard of lately"}"));
            return $"{primary} is unhealthy: {why}. {away}. Start {(others.Count == 1 ? "either of them" : "them, or the primary")}."
                + (healthy.Count == 0 ? "" : $" Otherwise, {HowToGiveUp(group)}");
        }

        return $"{primary} is unhealthy: {why}. It may have acknowledged writes that {list} lacks, which therefore is not promoted. "
            + $"Start {primary} again; {HowToGiveUp(group, primary)}";
    }

    /// <summary>What ends the wait where those that could lead lack nothing but what nodes in maintenance may hold: nothing need be given up for that. Null where it is not so.</summary>
    private static string? OfMaintenance(GroupView group, IEnumerable<NodeView> ready, MonitorSettings settings, Clock clock)
    {
        var maintained = group.Live.Where(n => n.ConvergedTo(NodeState.Maintenance) && NodeJudgement.IsInTouch(n, group, settings, clock)).ToList();
        var healthy = ready.Where(n => NodeJudgement.IsHealthy(n, group, settings, clock)).ToList();
        return maintained.Count > 0 && Election.CouldSucceedWith(group, [.. healthy, .. maintained])
            ? string.Join(" ", maintained.Select(n => $"{n} is in maintenance, and may hold what others lack: \"pg_autoctl disable maintenance\" there lets it take part in the election."))
            : null;
    }

    private static string HowToGiveUp(GroupView group, NodeView? primary = null) =>
        $"if {(primary is null ? "the nodes that are away are" : "it is")} lost for good, \"pg_autoctl perform failover --allow-data-loss --formation {group.Formation.Id} --group {group.GroupId}\" gives up what only {(primary is null ? "they hold" : "it holds")}.";
}
