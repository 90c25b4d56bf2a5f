using PgAutoFailover.Keeper.State;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Keepers;

/// <summary>The keeper's files on a simulated disk.</summary>
internal sealed class SimStateStore(SimNode node) : IKeeperStateStore
{
    public KeeperState? Load() => node.State;

    public void Save(KeeperState state)
    {
        ThrowIfFull();
        if (node.State?.CurrentRole != state.CurrentRole)
        {
            node.World.StepPoint(node, "before saving the state");
        }

        ThrowIfKilled();
        node.State = state;
        node.World.StepPoint(node, "state saved");
        ThrowIfKilled();
    }

    public void Delete() => node.State = null;

    public InitRecord? LoadInit() => node.Init;

    public void SaveInit(InitRecord record)
    {
        ThrowIfFull();
        node.Init = record;
    }

    public void DeleteInit() => node.Init = null;

    private void ThrowIfFull()
    {
        if (node.Host.DiskIsFull)
        {
            throw new IOException("No space left on device");
        }
    }

    // The code that called goes on until its next await, although its process is dead: it must not get to write anything.
    private void ThrowIfKilled()
    {
        if (node.Keeper is not { Process.IsDead: false })
        {
            throw new IOException("killed");
        }
    }
}
