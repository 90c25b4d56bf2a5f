using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Decides when to look at PostgreSQL, and what follows from what was seen.</summary>
internal sealed class Looking(KeeperContext c, Situation situation, Observer observer, Outage outage, LoopNews news)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_closePeriod = TimeSpan.FromMilliseconds(100);

    public PostgresObservation Latest => observer.Latest;

    /// <inheritdoc cref="Observer.LatestBegan"/>
    public long? LatestBegan => observer.LatestBegan;

    /// <summary>The latest look began after all that is known to have happened to PostgreSQL.</summary>
    public bool IsFresh => observer.LatestBegan is { } began && began >= situation.ObserveFrom;

    /// <summary>Time until the next look is due.</summary>
    public TimeSpan Remaining => Period() - c.Time.GetElapsedTime(observer.LastBegan);

    /// <param name="toRun">PostgreSQL is to run.</param>
    public void Take(bool toRun)
    {
        var before = observer.Latest;
        if (!observer.TryTake())
        {
            return;
        }

        outage.Observe(Latest, toRun);
        news.Tell(before, Latest);
        situation.ReportIsDue |= before.Phase != Latest.Phase || before.WalReceiver?.Streaming != Latest.WalReceiver?.Streaming;
        if (Latest is { IsReady: true, InRecovery: false } && SinceEnoughReplied(Latest) is { } ago)
        {
            c.Lease.SecondaryReplied(observer.LatestBegan ?? 0, ago);
        }
    }

    /// <summary>
    /// A sign of life is one of as many standbys as a commit waits for. With fewer nothing can be acknowledged, and those that are not heard here are enough to
    /// elect another primary: a node that went on would only keep its clients from finding that one.
    /// </summary>
    internal static TimeSpan? SinceEnoughReplied(PostgresObservation observation)
    {
        var awaited = AwaitedStandbys.Of(observation);
        var replies = awaited.Streaming.Select(s => s.SinceReply).Order().ToList();
        return replies.Count >= awaited.Required ? replies[awaited.Required - 1] : null;
    }

    public void LookIfDue(CancellationToken cancellationToken)
    {
        if (!observer.IsLooking && (!IsFresh || Remaining <= TimeSpan.Zero))
        {
            observer.Look(cancellationToken);
        }
    }

    /// <summary>Waits for the look that runs, which has been cancelled.</summary>
    public Task EndAsync() => observer.EndAsync();

    /// <summary>
    /// A standby that is about to stream is looked at more often, and one that is about to take over until it does not stream any more, as it has all that
    /// the primary had then: the monitor waits to hear of it.
    /// </summary>
    private TimeSpan Period() => (situation.Role, Latest) switch
    {
        (NodeState.CatchingUp, { IsReady: true, WalReceiver: not { Streaming: true } }) => s_closePeriod,
        (NodeState.PreparePromotion, { IsReady: true, WalReceiver: { Streaming: true } }) => s_closePeriod,
        _ => s_period,
    };
}
