using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Keeper.ByHand;

/// <summary>
/// The state of a keeper without a monitor. What is assigned is the operator's and changes by <see cref="Assign"/> alone; the rest is the keeper's. From
/// the moment at which a command has registered the node with a monitor, this process writes nothing any more: what it remembers is of the past.
/// </summary>
/// <param name="store">The files.</param>
public sealed class DetachedStateStore(IKeeperStateStore store) : IKeeperStateStore
{
    private readonly Lock _lock = new();

    /// <summary>What the operator wants the node to be; null when that is a monitor's business again.</summary>
    public NodeState? Goal => store.Load() is { IsDetached: true } state ? state.AssignedRole : null;

    /// <summary>Takes the operator's word; on return it is durable.</summary>
    public void Assign(NodeState goal) => Write(known => known with { AssignedRole = goal });

    public KeeperState? Load() => store.Load();

    public void Save(KeeperState state) => Write(known => state with { AssignedRole = known.AssignedRole });

    public void Delete()
    {
        if (store.Load() is { IsDetached: true })
        {
            store.Delete();
        }
    }

    public InitRecord? LoadInit() => store.LoadInit();

    public void SaveInit(InitRecord record)
    {
        if (store.Load() is { IsDetached: true })
        {
            store.SaveInit(record);
        }
    }

    public void DeleteInit()
    {
        if (store.Load() is { IsDetached: true })
        {
            store.DeleteInit();
        }
    }

    private void Write(Func<KeeperState, KeeperState> change)
    {
        lock (_lock)
        {
            if (store.Load() is { IsDetached: true } known && change(known) is var next && next != known)
            {
                store.Save(next);
            }
        }
    }
}
