using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Peers;

/// <summary>Finds the node to follow and points the local standby at it.</summary>
internal static class Upstreams
{
    /// <summary>The group's primary as an upstream of this node.</summary>
    /// <exception cref="MonitorException">There is none, or it is this node: the monitor is about to change its mind.</exception>
    public static async Task<Upstream> PrimaryAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var primary = await c.Monitor.GetPrimaryAsync(c.Options.FormationId, c.GroupId, cancellationToken);
        return primary.NodeId == c.NodeId
            ? throw new MonitorException($"the monitor names {c.NodeName} itself as the primary to follow")
            : From(c, primary);
    }

    public static Upstream From(KeeperContext c, NodeAddress node) => new(node.NodeId, node.Name, node.Host, node.Port, c.NodeId);

    /// <summary>Rewrites the standby's settings and reloads where they differ.</summary>
    public static async Task PointAtAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        // Whom it follows is not known before this is done: it may be called off in between, with the settings written and not read.
        var wasKnown = c.FollowedNodeId is not null;
        c.FollowedNodeId = null;
        var isChanged = await c.Server.WriteStandbySettingsAsync(upstream, cancellationToken);
        if (c.Server.IsRunning && (isChanged || !wasKnown))
        {
            if (isChanged)
            {
                c.Log.Following(upstream.NodeId, upstream.Name, HostName.WithPort(upstream.Host, upstream.Port));
            }

            await c.Server.ReloadAsync(cancellationToken);
        }

        c.FollowedNodeId = upstream.NodeId;
    }

    /// <summary>The node that the local standby follows, as far as can be seen; 0 for none.</summary>
    public static async Task<long> FollowedAsync(KeeperContext c, CancellationToken cancellationToken) =>
        c.FollowedNodeId ?? c.Others.IdOf((await c.Server.ObserveAsync(cancellationToken)).WalReceiver) ?? 0;
}
