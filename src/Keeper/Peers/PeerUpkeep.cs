using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Peers;

/// <summary>Lets the other nodes of the group in: HBA rules, replication slots; and on a standby keeps the upstream's address right.</summary>
internal static class PeerUpkeep
{
    /// <summary>Asks the monitor for the other nodes and does what their list demands. PostgreSQL is assumed to run.</summary>
    /// <param name="follows">Also see to it that the node follows the one that leads.</param>
    public static async Task RunAsync(KeeperContext c, bool follows, CancellationToken cancellationToken)
    {
        if (!c.Monitor.KnowsNodes)
        {
            return;
        }

        var role = c.State.Current.CurrentRole;
        var nodes = await c.Monitor.GetOtherNodesAsync(c.NodeId, cancellationToken);
        var changed = c.Others.DifferFrom(nodes);
        if (changed)
        {
            c.Log.OtherNodesChanged(nodes.Count);
            await c.Server.EnsureHbaAsync(c.Options.MonitorHosts, nodes, cancellationToken);
            c.State.Change(s => s with { NodesVersion = s.NodesVersion + 1 });
        }

        // A standby keeps slots too, so that whoever follows it after a failover, or fetches from it in an election, finds its WAL.
        if (role.CanTakeWrites() || RoleRules.IsStandby(role))
        {
            await c.Server.EnsureSlotsAsync(nodes, cancellationToken);
        }

        c.Others.Replace(nodes);
        if (follows && await LeaderAsync(c, nodes, cancellationToken) is { } leader)
        {
            await FollowAsync(c, Upstreams.From(c, leader), changed, cancellationToken);
        }
    }

    /// <summary>The node that the monitor wants to lead: what a lost one reported last says nothing.</summary>
    private static async Task<NodeAddress?> LeaderAsync(KeeperContext c, IReadOnlyList<NodeAddress> nodes, CancellationToken cancellationToken)
    {
        var states = await c.Monitor.GetCurrentStateAsync(c.Options.FormationId, cancellationToken);
        var leader = states.FirstOrDefault(n => n.GroupId == c.GroupId && n.Goal.CanTakeWrites() && n.Reported.CanTakeWrites());
        return leader is null ? null : nodes.FirstOrDefault(n => n.NodeId == leader.NodeId);
    }

    /// <summary>
    /// A standby that took no part in an election is not told who won it: it finds itself following a node that leads no more, or nobody, where it
    /// had begun to take part and the election was over before it had reported.
    /// </summary>
    private static async Task FollowAsync(KeeperContext c, Upstream upstream, bool addressMayDiffer, CancellationToken cancellationToken)
    {
        if (await Upstreams.FollowedAsync(c, cancellationToken) != upstream.NodeId)
        {
            await RejoinStandby.FollowAsync(c, upstream, cancellationToken);
        }
        else if (addressMayDiffer)
        {
            await Upstreams.PointAtAsync(c, upstream, cancellationToken);
        }
    }

    /// <summary>After a base backup, whose pg_hba.conf is the upstream's.</summary>
    public static async Task EnsureHbaAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var nodes = await c.Monitor.GetOtherNodesAsync(c.NodeId, cancellationToken);
        await c.Server.EnsureHbaAsync(c.Options.MonitorHosts, nodes, cancellationToken);
        c.Others.Replace(nodes);
    }
}
