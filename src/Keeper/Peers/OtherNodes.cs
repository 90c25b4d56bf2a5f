using System.Collections.Immutable;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Peers;

/// <summary>The other nodes of the group as the monitor last listed them.</summary>
internal sealed class OtherNodes
{
    private volatile IReadOnlyList<NodeAddress> _nodes = [];

    /// <summary>False until the monitor has been asked once.</summary>
    public bool AreKnown { get; private set; }

    public IReadOnlyList<NodeAddress> Nodes => _nodes;

    /// <summary>Takes a new list; true when a node came, went, or moved. A position that advanced is no change.</summary>
    public bool Replace(IReadOnlyList<NodeAddress> nodes)
    {
        var changed = !AreKnown || !Endpoints(nodes).SetEquals(Endpoints(_nodes));
        _nodes = nodes;
        AreKnown = true;
        return changed;
    }

    /// <summary>The node at the other end of a walreceiver, or null when none is at that address.</summary>
    public long? IdOf(WalReceiver? receiver) =>
        receiver is null ? null : _nodes.FirstOrDefault(n => n.Host == receiver.Host && n.Port == receiver.Port)?.NodeId;

    private static ImmutableHashSet<(long, string, int)> Endpoints(IReadOnlyList<NodeAddress> nodes) =>
        [.. nodes.Select(n => (n.NodeId, n.Host, n.Port))];
}
