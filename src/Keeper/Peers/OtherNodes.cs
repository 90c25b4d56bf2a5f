using System.Collections.Immutable;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Peers;

/// <summary>The other nodes of the group as the monitor last listed them.</summary>
internal sealed class OtherNodes
{
    private volatile IReadOnlyList<NodeAddress> _nodes = [];

    /// <summary>False until the nodes of the list have been let in.</summary>
    public bool AreKnown { get; private set; }

    public IReadOnlyList<NodeAddress> Nodes => _nodes;

    /// <summary>A node came, went, or moved. A position that advanced is no change.</summary>
    public bool DifferFrom(IReadOnlyList<NodeAddress> nodes) => !AreKnown || !Endpoints(nodes).SetEquals(Endpoints(_nodes));

    /// <summary>Takes a new list. To be called when all that its changes demand has been done: what was interrupted is done again.</summary>
    public void Replace(IReadOnlyList<NodeAddress> nodes)
    {
        _nodes = nodes;
        AreKnown = true;
    }

    /// <summary>What was done for these nodes is undone: the data directory, with its HBA rules, is another one.</summary>
    public void Doubt() => AreKnown = false;

    /// <summary>The node at the other end of a walreceiver, or null when none is at that address.</summary>
    public long? IdOf(WalReceiver? receiver) =>
        receiver is null ? null : _nodes.FirstOrDefault(n => n.Host == receiver.Host && n.Port == receiver.Port)?.NodeId;

    private static ImmutableHashSet<(long, string, int)> Endpoints(IReadOnlyList<NodeAddress> nodes) =>
        [.. nodes.Select(n => (n.NodeId, n.Host, n.Port))];
}
