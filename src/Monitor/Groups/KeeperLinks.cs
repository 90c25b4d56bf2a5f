using System.Collections.Concurrent;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// Which session each keeper reports in. A keeper keeps its session, so its end means that the keeper, its host or the way to it is
/// gone; unless it is the monitor's own PostgreSQL that ended it, which says nothing about anybody.
/// </summary>
/// <param name="serverIsUp">Whether the monitor's PostgreSQL accepts sessions at this moment.</param>
internal sealed class KeeperLinks(GroupRegistry groups, Func<CancellationToken, Task<bool>> serverIsUp)
{
    private readonly ConcurrentDictionary<long, ServiceConnection> _byNode = new();

    /// <summary>A report of the node came in over a connection.</summary>
    /// <returns>True when that is news.</returns>
    public bool Speaks(long nodeId, ServiceConnection connection)
    {
        if (_byNode.TryGetValue(nodeId, out var known) && ReferenceEquals(known, connection))
        {
            return false;
        }

        _byNode[nodeId] = connection;
        return true;
    }

    /// <summary>A connection has ended: the nodes that last reported over it have lost their link, unless they speak over another by now.</summary>
    public async Task EndedAsync(ServiceConnection connection, CancellationToken cancellationToken)
    {
        var nodes = _byNode.Where(p => ReferenceEquals(p.Value, connection)).Select(p => p.Key).ToList();
        if (nodes.Count == 0)
        {
            return;
        }

        var link = await serverIsUp(cancellationToken) ? KeeperLink.Gone : KeeperLink.NeverSeen;
        foreach (var nodeId in nodes)
        {
            groups.OfNode(nodeId)?.Tell(change =>
            {
                // Judged in the group's own turn: a report over a new connection may have come before this.
                if (_byNode.TryRemove(new(nodeId, connection)))
                {
                    ObservationHandling.Linked(change, nodeId, link);
                }
            });
        }
    }
}
