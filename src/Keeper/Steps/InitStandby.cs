using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>
/// Makes a new standby: by a base backup, of a data directory that was there when the creation began and belongs to the same
/// cluster, or of a standby that had another monitor before. While the primary has not opened its HBA rules or made the slot, this fails and is tried again.
/// </summary>
internal static class InitStandby
{
    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var upstream = await Upstreams.PrimaryAsync(c, cancellationToken);
        var identity = await c.Server.IdentifyAsync(upstream, cancellationToken);
        c.Log.InitializingStandby(c.Options.PgData, upstream.NodeId, upstream.Name, HostName.WithPort(upstream.Host, upstream.Port));
        if (c.Server.DataDirectoryExists && c.State.LoadInit()?.Origin == PgDataOrigin.RunningStandby)
        {
            await RejoinStandby.FollowAsync(c, upstream, cancellationToken);
        }
        else if (KeepsDirectory(c))
        {
            await FollowWithAsync(c, upstream, identity, cancellationToken);
        }
        else if (c.State.Current.FreshCopy && c.Server.DataDirectoryExists)
        {
            // It waited, and what it had copied was removed: it may hold all that is left of that cluster.
            RefuseOther(c, upstream, RejoinPlan.For(await c.Server.ReadControlDataAsync(cancellationToken), identity));
        }
        else
        {
            await c.Server.StopAsync(StopMode.Fast, cancellationToken);
            await Rewriting.CopyAsync(c, upstream, cancellationToken);
        }

        await Rewriting.StartStandbyAsync(c, upstream, cancellationToken);
        await PeerUpkeep.EnsureHbaAsync(c, cancellationToken);
        await SystemIdentity.PublishAsync(c, cancellationToken);
    }

    /// <summary>The directory was there before this node was created: it is its owner's, and is never overwritten.</summary>
    private static bool KeepsDirectory(KeeperContext c) =>
        c.Server.DataDirectoryExists && c.State.LoadInit()?.Origin is PgDataOrigin.Stopped or PgDataOrigin.RunningPrimary;

    private static async Task FollowWithAsync(KeeperContext c, Upstream upstream, UpstreamIdentity identity, CancellationToken cancellationToken)
    {
        if (c.Server.IsRunning)
        {
            return;
        }

        var plan = await RejoinPlan.For(await c.Server.ReadControlDataAsync(cancellationToken), identity).CheckedAsync(c, upstream, identity, cancellationToken);
        RefuseOther(c, upstream, plan);
        if (plan.Method == RejoinMethod.Rewind)
        {
            c.Log.Rejoining(upstream.NodeId, upstream.Name, HostName.WithPort(upstream.Host, upstream.Port), "rewinding", plan.Reason);
            await Rewriting.RewindAsync(c, upstream, cancellationToken);
        }
    }

    private static void RefuseOther(KeeperContext c, Upstream upstream, RejoinPlan plan)
    {
        if (plan.Method is RejoinMethod.Refuse or RejoinMethod.BaseBackup)
        {
            throw new PostgresException(
                $"cannot follow node {upstream.NodeId} \"{upstream.Name}\" ({HostName.WithPort(upstream.Host, upstream.Port)}): {plan.Reason}",
                $"Nothing was changed in \"{c.Options.PgData}\". Move it away to have it replaced by a base backup");
        }
    }
}
