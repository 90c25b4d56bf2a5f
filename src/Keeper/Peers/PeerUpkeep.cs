using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.Peers;

/// <summary>Lets the other nodes of the group in: HBA rules, replication slots; and on a standby keeps the upstream's address right.</summary>
internal static class PeerUpkeep
{
    /// <summary>Asks the monitor for the other nodes and does what their list demands. PostgreSQL is assumed to run.</summary>
    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var role = c.State.Current.CurrentRole;
        var nodes = await c.Monitor.GetOtherNodesAsync(c.NodeId, cancellationToken);
        var changed = c.Others.DifferFrom(nodes);
        if (changed)
        {
            c.Log.OtherNodesChanged(nodes.Count);
            await c.Server.EnsureHbaAsync(nodes, cancellationToken);
            c.State.Change(s => s with { NodesVersion = s.NodesVersion + 1 });
        }

        // A standby keeps slots too, so that whoever follows it after a failover finds its WAL.
        if (role.CanTakeWrites() || RoleRules.Follows(role))
        {
            await c.Server.EnsureSlotsAsync(nodes, cancellationToken);
        }

        if (changed && role == NodeState.Secondary && c.State.Current.AssignedRole == NodeState.Secondary)
        {
            await Upstreams.PointAtAsync(c, await Upstreams.PrimaryAsync(c, cancellationToken), cancellationToken);
        }

        c.Others.Replace(nodes);
    }

    /// <summary>After a base backup, whose pg_hba.conf is the upstream's.</summary>
    public static async Task EnsureHbaAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var nodes = await c.Monitor.GetOtherNodesAsync(c.NodeId, cancellationToken);
        await c.Server.EnsureHbaAsync(nodes, cancellationToken);
        c.Others.Replace(nodes);
    }
}
