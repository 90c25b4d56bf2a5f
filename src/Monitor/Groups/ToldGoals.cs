using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// Which session was told its node's present goal. A report that equals the goal means that the goal was reached only where the
/// keeper knew of it; a goal that was taken back and given again may equal an old report by chance.
/// </summary>
internal sealed class ToldGoals
{
    // Null stands for any session.
    private readonly Dictionary<long, ServiceConnection?> _told = [];

    /// <summary>Whether the keeper knew the node's goal when it made this report.</summary>
    public bool Knows(NodeReport report, ServiceConnection session)
    {
        // A caller that sends no evidence is none of our keepers: nothing can be said of what it knows.
        return report.Evidence.KeeperVersion is null
            || (_told.TryGetValue(report.NodeId, out var told) && (told is null || ReferenceEquals(told, session)));
    }

    /// <summary>The answer that carries the goal goes out in this session.</summary>
    public void Tell(long nodeId, ServiceConnection session) => _told[nodeId] = session;

    /// <summary>A node has joined: whichever session its keeper reports in, its first goal cannot have been another before.</summary>
    public void TellNewcomer(long nodeId) => _told[nodeId] = null;

    /// <summary>These nodes were assigned goals that nobody has heard of yet.</summary>
    public void Forget(IEnumerable<long> nodeIds)
    {
        foreach (var nodeId in nodeIds)
        {
            _told.Remove(nodeId);
        }
    }

    /// <summary>The rows were read again: goals may have changed without us.</summary>
    public void ForgetChanged(GroupView before, GroupView after) =>
        Forget(before.Nodes.Where(n => after.Find(n.Id)?.Goal != n.Goal).Select(n => n.Id).ToList());
}
