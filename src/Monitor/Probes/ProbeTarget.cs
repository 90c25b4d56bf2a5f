using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>What a probe needs to know of a node.</summary>
/// <param name="HoldsSession">False while the operator or the end of the node's service must not meet a session of ours.</param>
/// <param name="KeeperGoneAt">When the keeper's connection ended, null while it is there or was never seen.</param>
internal readonly record struct ProbeTarget(long NodeId, string Host, int Port, bool HoldsSession, TimeSpan? KeeperGoneAt)
{
    public static ProbeTarget Of(NodeView node) => new(
        node.Id,
        node.Host,
        node.Port,
        !Unattended(node.Goal) && !Unattended(node.Reported),
        node.Link == KeeperLink.Gone ? node.LinkChangedAt : null);

    private static bool Unattended(NodeState state) => state is NodeState.Maintenance or NodeState.Dropped;
}
