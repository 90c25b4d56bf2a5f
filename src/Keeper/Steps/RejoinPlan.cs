using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>How a node may come to follow an upstream.</summary>
internal enum RejoinMethod
{
    /// <summary>Start as a standby: everything that this node has is part of the upstream's history.</summary>
    Start,

    /// <summary>Take back what this node has and the upstream has not.</summary>
    Rewind,

    /// <summary>Copy everything.</summary>
    BaseBackup,

    /// <summary>This is another cluster; nothing is touched.</summary>
    Refuse,
}

/// <summary>A decision on how to rejoin, with its reason for the log.</summary>
internal sealed record RejoinPlan(RejoinMethod Method, string Reason)
{
    // Every record begins with that much.
    private const ulong RecordHeaderLength = 24;

    /// <summary>A position up to which this node has WAL, and its timeline: what the decision goes by holds if that WAL is the upstream's. Null where it goes by something else.</summary>
    public (int Timeline, Lsn End)? Has { get; private init; }

    /// <summary>The decision where that WAL is not the upstream's.</summary>
    public RejoinPlan Parted() => new(RejoinMethod.BaseBackup,
        $"its WAL on timeline {Has?.Timeline} is not the upstream's: two nodes have begun a timeline of the same number, or gone on with one");

    /// <summary>Decides from what the stopped data directory and the upstream say of themselves. Pure.</summary>
    public static RejoinPlan For(ControlData local, UpstreamIdentity upstream)
    {
        if (local.SystemIdentifier != upstream.SystemIdentifier)
        {
            return new(RejoinMethod.Refuse,
                $"the data directory belongs to a cluster with system identifier {local.SystemIdentifier}, the upstream's is {upstream.SystemIdentifier}");
        }

        return EndOf(local) is not { } end
            ? new(RejoinMethod.Rewind, $"PostgreSQL was not shut down cleanly (\"{local.State}\"), so that its last position is not known")
            {
                Has = (local.Timeline, local.LatestCheckpoint),
            }
            : ForEnd(end.Timeline, end.Lsn, end.Inclusive, upstream);
    }

    /// <summary>The same for a standby that runs: all that it has is what it received.</summary>
    public static RejoinPlan ForRunningStandby(PostgresObservation local, UpstreamIdentity upstream) =>
        local.SystemIdentifier != upstream.SystemIdentifier
            ? new(RejoinMethod.Refuse,
                $"this node's system identifier is {local.SystemIdentifier}, the upstream's is {upstream.SystemIdentifier}")
            : local.Timeline == 0
                ? new(RejoinMethod.Rewind, "the timeline of what this node has received is not known while it runs")
                : ForEnd(local.Timeline, local.Lsn, inclusive: true, upstream);

    private static RejoinPlan ForEnd(int timeline, Lsn end, bool inclusive, UpstreamIdentity upstream)
    {
        var past = upstream.History.FirstOrDefault(h => h.Timeline == timeline);
        if (timeline != upstream.Timeline && past.Timeline != timeline)
        {
            return new(RejoinMethod.Rewind, $"timeline {timeline} is not part of the upstream's history") { Has = (timeline, end) };
        }

        var limit = timeline == upstream.Timeline ? upstream.FlushLsn : past.SwitchPoint;
        var limitName = timeline == upstream.Timeline ? "the upstream's position" : $"the point at which the upstream left timeline {timeline},";
        return (inclusive ? end <= limit : end < limit)
            ? new(RejoinMethod.Start, $"the last position {end} on timeline {timeline} is not beyond {limitName} {limit}")
            {
                Has = (timeline, inclusive ? end : new Lsn(end.Value + RecordHeaderLength)),
            }
            : new(RejoinMethod.Rewind, $"the last position {end} on timeline {timeline} is beyond {limitName} {limit}") { Has = (timeline, end) };
    }

    /// <summary>
    /// Where the local WAL ends. After a clean shutdown the checkpoint is the last record, and the position is that of its start: it is
    /// in the upstream's history when it starts before the switch point, which is the end of some record. A standby's end is what it
    /// has replayed.
    /// </summary>
    private static (int Timeline, Lsn Lsn, bool Inclusive)? EndOf(ControlData local) => local.State switch
    {
        "shut down" => (local.Timeline, local.LatestCheckpoint, false),
        "shut down in recovery" or "in archive recovery" when local.MinRecoveryEnd.IsValid =>
            (Math.Max(local.MinRecoveryEndTimeline, 1), local.MinRecoveryEnd, true),
        "shut down in recovery" => (local.Timeline, local.LatestCheckpoint, false),
        _ => null,
    };
}
