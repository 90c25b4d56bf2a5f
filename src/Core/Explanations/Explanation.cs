using System.Collections.Immutable;
using PgAutoFailover.Core.Forecasts;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Explanations;

/// <summary>Something that is waited for.</summary>
/// <param name="What">A sentence: who is to do what, and since when.</param>
/// <param name="Until">Which event or command ends it.</param>
public sealed record Wait(string What, string Until);

/// <summary>Why a group is in the state that it is in, and what would become of it: for somebody who has just been woken up.</summary>
public sealed record Explanation
{
    /// <summary>Who serves, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Who takes writes now.</summary>
    public NodeView? Leader { get; init; }

    public ImmutableArray<Wait> Waits { get; init; } = [];

    /// <summary>Why the group cannot serve without an operator; null when it can.</summary>
    public string? Blocked { get; init; }

    /// <summary>What <c>perform failover --allow-data-loss</c> would give up now; null where nothing would be lost, or it would be refused.</summary>
    public string? Loss { get; init; }

    /// <summary>What happens next if nothing else happens.</summary>
    public required Forecast Next { get; init; }

    /// <summary>What would happen if one node were lost: one for each that was asked for.</summary>
    public ImmutableArray<Forecast> IfLost { get; init; } = [];

    /// <param name="ifLost">The node that is imagined to be lost; null: each of them in turn.</param>
    public static Explanation Of(GroupView group, long? ifLost, MonitorSettings settings, Clock clock)
    {
        var leader = group.Live.FirstOrDefault(n => n.Reported.CanTakeWrites() && n.Goal.CanTakeWrites() && n.PgIsRunning && !Presence.IsAway(n, group, settings, clock));
        var blocked = Blockage.Of(group, settings, clock);
        var failover = group.IsRestored ? Restoration.GiveUp(group, settings, clock) : Failover.PerformWithLoss(group, settings, clock);
        return new Explanation
        {
            Summary = Summarize(group, leader),
            Leader = leader,
            Waits = [.. blocked is null ? Waiting.ForAcknowledgements(group, leader, settings) : [], .. Waiting.In(group, settings, clock)],
            Blocked = blocked,
            Loss = failover.Remark?.Remark.Detail,
            Next = Forecast.Of(group, lostId: null, settings, clock),
            IfLost = group.IsRestored ? [] : [.. group.Live.Where(n => ifLost is null || n.Id == ifLost).Select(n => Forecast.Of(group, n.Id, settings, clock))],
        };
    }

    private static string Summarize(GroupView group, NodeView? leader)
    {
        if (group.IsRestored)
        {
            // The monitor wants nothing of anybody, and those who served go on.
            var serving = group.Live.Where(n => n.Reported.CanTakeWrites() && n.PgIsRunning).ToList();
            return serving.Count == 0
                ? "By what has been reported since the group was restored from a backup, nobody takes writes; nothing is decided yet."
                : $"{string.Join(", ", serving)} {(serving.Count == 1 ? "takes" : "take")} writes, as before; since the group was restored from a backup, nothing is decided yet.";
        }

        if (leader is null)
        {
            return group.Live.IsEmpty ? "The group has no node." : "Nobody takes writes.";
        }

        var terms = group.Terms.Where(t => t.LeaderId == leader.Id).ToList();
        return terms is [var only] && only.Standbys is var (required, members)
            ? $"{leader} takes writes; each commit waits for {required} of {string.Join(", ", members.Select(m => group.Find(m)?.ToString() ?? $"node {m}, which is gone"))}."
            : terms is [_] ? $"{leader} takes writes; commits wait for no standby."
            : $"{leader} takes writes; on which standbys its commits wait is just being changed.";
    }
}
