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
        if (group.Live is not [_, _] live || Situation.PrimaryOf(group) is not { } primary)
        {
            return null;
        }

        var other = live.First(n => n.Id != primary.Id);
        var why = NodeJudgement.WhyUnhealthy(primary, group, settings, clock);
        if (why is null)
        {
            return null;
        }

        if (primary.Goal == NodeState.WaitPrimary && other.Goal.HasStopped())
        {
            return $"{primary} was told to take over and is unhealthy: {why}. It may hold writes that {other} lacks, which therefore is not started. "
                + $"Start {primary} again; if it is lost for good, \"pg_autoctl drop node --name {primary.Name} --force\" gives up what only it holds.";
        }

        if (other.Goal == NodeState.Secondary && primary.Goal.CanTakeWrites() && primary.ConvergedTo(NodeState.Primary))
        {
            return other.CandidatePriority == 0
                ? $"{primary} is unhealthy: {why}. {other} holds its data and has candidate priority 0: \"pg_autoctl set node candidate-priority --name {other.Name} 50\" lets it take over."
                : NodeJudgement.WhyUnhealthy(other, group, settings, clock) is { } otherWhy
                    ? $"{primary} is unhealthy: {why}. {other} is unhealthy too: {otherWhy}. Start either of them."
                    : null;
        }

        return primary.Goal.CanTakeWrites() && other.Goal is NodeState.CatchingUp or NodeState.Secondary or NodeState.WaitMaintenance or NodeState.Maintenance
            ? $"{primary} is unhealthy: {why}. It may have acknowledged writes that {other} lacks, which therefore is not promoted. "
                + $"Start {primary} again; if it is lost for good, \"pg_autoctl drop node --name {primary.Name} --force\" gives up what only it holds."
            : null;
    }
}
