using System.Collections.Concurrent;
using System.Threading.Channels;
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

    // Holds sessions that ended and were a node's: at most one for each connection that the service socket admits.
    private readonly Channel<ServiceConnection> _ended = Channel.CreateBounded<ServiceConnection>(
        new BoundedChannelOptions(2 * ServiceSocket.MaxConnections) { SingleReader = true });

    /// <summary>
    /// The node reports in this session. False where it has one that was opened later: then this was sent before, and has been under way
    /// until a path was whole again.
    /// </summary>
    public bool Speaks(long nodeId, ServiceConnection session) =>
        ReferenceEquals(session, _byNode.AddOrUpdate(nodeId, session, (_, known) => known.Id > session.Id ? known : session));

    /// <summary>A session has ended. Does not wait.</summary>
    public void Ended(ServiceConnection session)
    {
        if (_byNode.Any(p => ReferenceEquals(p.Value, session)) && !_ended.Writer.TryWrite(session))
        {
            throw new InvalidOperationException("more sessions ended than there can be");
        }
    }

    /// <summary>Tells groups which of their nodes have lost their link, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _ended.Reader.WaitToReadAsync(cancellationToken))
        {
            // Those that have ended by now are judged together, by a server that is asked after it: one that goes down refuses new
            // sessions before it ends old ones.
            var ended = new List<ServiceConnection>();
            while (_ended.Reader.TryRead(out var session))
            {
                ended.Add(session);
            }

            var link = await serverIsUp(cancellationToken) ? KeeperLink.Gone : KeeperLink.NeverSeen;
            ended.ForEach(session => Tell(session, link));
        }
    }

    private void Tell(ServiceConnection session, KeeperLink link)
    {
        foreach (var nodeId in _byNode.Where(p => ReferenceEquals(p.Value, session)).Select(p => p.Key))
        {
            groups.OfNode(nodeId)?.Tell(change =>
            {
                // Judged in the group's own turn: a report in a new session may have come before this.
                if (_byNode.TryRemove(new(nodeId, session)))
                {
                    ObservationHandling.Linked(change, nodeId, link);
                }
            });
        }
    }
}
