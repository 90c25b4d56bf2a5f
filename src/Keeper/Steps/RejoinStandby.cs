using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>
/// Makes a node that was something else follow the current primary, by the cheapest way that its data allows: start as a standby,
/// rewind, or copy. The reason is logged, because an operator who finds a node copying a terabyte wants to know it.
/// </summary>
internal static class RejoinStandby
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>PostgreSQL ends its walreceiver in a few milliseconds.</summary>
    private static readonly TimeSpan s_longestLetGo = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken) =>
        await FollowAsync(c, await Upstreams.PrimaryAsync(c, cancellationToken), cancellationToken);

    /// <summary>The same for an upstream that need not be the primary.</summary>
    public static async Task FollowAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        var plan = await DecideAsync(c, upstream, cancellationToken);
        c.Log.Rejoining(upstream.NodeId, upstream.Name, HostName.WithPort(upstream.Host, upstream.Port), Describe(plan.Method), plan.Reason);
        switch (plan.Method)
        {
            case RejoinMethod.Start:
                await StartAsync(c, upstream, cancellationToken);
                break;
            case RejoinMethod.Rewind:
                await RewindAsync(c, upstream, cancellationToken);
                break;
            case RejoinMethod.BaseBackup:
                await CopyAsync(c, upstream, cancellationToken);
                break;
            default:
                throw new PostgresException(
                    $"cannot follow node {upstream.NodeId} \"{upstream.Name}\" ({HostName.WithPort(upstream.Host, upstream.Port)}): {plan.Reason}",
                    $"Nothing was changed in \"{c.Options.PgData}\". Move it away to have this node rebuilt from the primary");
        }
    }

    /// <summary>
    /// The upstream is asked last: what this node has by then can only be beyond the upstream's position if it did not come from there.
    /// </summary>
    private static async Task<RejoinPlan> DecideAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        var state = c.State.Current;
        if (state.RewritingPgData)
        {
            return new(RejoinMethod.BaseBackup, "an earlier pg_rewind or pg_basebackup was interrupted and has left the data directory unusable");
        }

        if (!c.Server.DataDirectoryExists)
        {
            return new(RejoinMethod.BaseBackup, $"there is no data directory at \"{c.Options.PgData}\"");
        }

        if (state.FreshCopy)
        {
            return new(RejoinMethod.Start, "its base backup is complete");
        }

        if (await DecideRunningAsync(c, upstream, cancellationToken) is { Method: not RejoinMethod.Rewind } plan)
        {
            return plan;
        }

        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        var control = await c.Server.ReadControlDataAsync(cancellationToken);
        var identity = await c.Server.IdentifyAsync(upstream, cancellationToken);
        return await RejoinPlan.For(control, identity).CheckedAsync(c, upstream, identity, cancellationToken);
    }

    /// <summary>Null where no standby runs.</summary>
    private static async Task<RejoinPlan?> DecideRunningAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        if (!c.Server.IsRunning || await c.Server.ObserveAsync(cancellationToken) is not { IsReady: true, InRecovery: true } running)
        {
            return null;
        }

        var identity = await c.Server.IdentifyAsync(upstream, cancellationToken);
        return await RejoinPlan.ForRunningStandby(running, identity).CheckedAsync(c, upstream, identity, cancellationToken);
    }

    private static async Task StartAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        if (c.Server.IsRunning)
        {
            await Upstreams.PointAtAsync(c, upstream, cancellationToken);
            await LetGoOfOthersAsync(c, upstream, cancellationToken);
        }

        await Rewriting.StartStandbyAsync(c, upstream, cancellationToken);

        // A standby that was killed may have more WAL than its control file told: that shows once it has replayed it. And one that ran may have received more.
        if (await DecideRunningAsync(c, upstream, cancellationToken) is { Method: RejoinMethod.Rewind or RejoinMethod.BaseBackup } plan)
        {
            c.Log.Rejoining(upstream.NodeId, upstream.Name, HostName.WithPort(upstream.Host, upstream.Port), Describe(plan.Method), plan.Reason);
            await c.Server.StopAsync(StopMode.Fast, cancellationToken);
            await (plan.Method == RejoinMethod.Rewind ? RewindAsync(c, upstream, cancellationToken) : CopyAsync(c, upstream, cancellationToken));
        }
    }

    /// <summary>What still comes from the upstream before, until PostgreSQL has left it, need not be part of the new one's history.</summary>
    private static async Task LetGoOfOthersAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        var started = c.Time.GetTimestamp();
        while ((await c.Server.ObserveAsync(cancellationToken)).WalReceiver is { Host.Length: > 0 } receiver
            && (receiver.Host, receiver.Port) != (upstream.Host, upstream.Port))
        {
            if (c.Time.GetElapsedTime(started) >= s_longestLetGo)
            {
                throw new PostgresException(
                    $"PostgreSQL still receives from {HostName.WithPort(receiver.Host, receiver.Port)}, {s_longestLetGo.TotalSeconds:F0} s after it was told to follow {upstream.Name} "
                    + $"({HostName.WithPort(upstream.Host, upstream.Port)})",
                    "Look for the reason in the log of PostgreSQL; it is tried again");
            }

            await Task.Delay(s_look, c.Time, cancellationToken);
        }
    }

    private static async Task RewindAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            await Rewriting.RewindAsync(c, upstream, cancellationToken);
        }
        catch (PostgresException e)
        {
            c.Log.RewindFailed(e.Message);
            await CopyAsync(c, upstream, cancellationToken);
            return;
        }

        await Rewriting.StartStandbyAsync(c, upstream, cancellationToken);

        // The rewound directory has the upstream's slots, whose positions mean nothing here.
        await c.Server.DropSlotsAsync(cancellationToken);
    }

    private static async Task CopyAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        await Rewriting.CopyAsync(c, upstream, cancellationToken);
        await Rewriting.StartStandbyAsync(c, upstream, cancellationToken);
        await PeerUpkeep.EnsureHbaAsync(c, cancellationToken);
    }

    private static string Describe(RejoinMethod method) => method switch
    {
        RejoinMethod.Start => "starting as its standby",
        RejoinMethod.Rewind => "rewinding",
        RejoinMethod.BaseBackup => "copying it anew",
        _ => "refusing",
    };
}
