using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Core.Rules;

/// <summary>When a group must be looked at again although nothing happens: the next moment at which a condition may become true by time alone.</summary>
public static class GroupDeadline
{
    /// <summary>The earliest such moment after now, or null when no condition waits for time.</summary>
    public static TimeSpan? Next(GroupView group, MonitorSettings settings, Clock clock)
    {
        TimeSpan? next = null;
        foreach (var moment in Moments(group, settings, clock))
        {
            // Conditions compare with "longer than": one tick later is when they turn.
            var turns = moment + TimeSpan.FromTicks(1);
            if (turns > clock.Now && (next is null || turns < next))
            {
                next = turns;
            }
        }

        return next;
    }

    private static IEnumerable<TimeSpan> Moments(GroupView group, MonitorSettings settings, Clock clock)
    {
        yield return clock.StartedAt + settings.StartupGracePeriod;
        foreach (var node in group.Nodes)
        {
            yield return node.ReportedAt + settings.NodeConsideredUnhealthyTimeout;
            yield return node.ReportedAt + NodeJudgement.OwnWordFreshness;
            yield return node.StateChangedAt + settings.PrimaryDemoteTimeout;
            yield return node.StateChangedAt + Election.Patience;
            yield return node.ReportedAt + settings.PrimaryDemoteTimeout;
            yield return node.LinkChangedAt + settings.ReplicationStallTimeout;
            yield return node.RunsSince + settings.ReplicationStallTimeout;
            if (node.NotStreamingSince is { } since)
            {
                yield return since + settings.ReplicationStallTimeout;
                yield return since + settings.PrimaryDemoteTimeout;
            }

            if (node.Evidence.WalReceiver is { Streaming: true, LastMessageAgeMs: { } ageMs })
            {
                yield return node.ReportedAt + NodeJudgement.WitnessFreshness - TimeSpan.FromMilliseconds(ageMs);
            }
        }
    }
}
