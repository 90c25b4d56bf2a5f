using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Keeper.Tests.Fakes;

/// <summary>A state file that survives the keeper and not the test; can be full.</summary>
internal sealed class MemoryStore : IKeeperStateStore
{
    private volatile KeeperState? _state;
    private volatile InitRecord? _init;

    public bool IsFull { get; set; }

    public KeeperState? State => _state;

    public InitRecord? Init => _init;

    public KeeperState? Load() => _state;

    public void Save(KeeperState state)
    {
        if (IsFull)
        {
            throw new IOException("No space left on device");
        }

        _state = state;
    }

    public void Delete() => _state = null;

    public InitRecord? LoadInit() => _init;

    public void SaveInit(InitRecord record) => _init = record;

    public void DeleteInit() => _init = null;
}
