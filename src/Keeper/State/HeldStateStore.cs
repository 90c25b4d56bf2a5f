namespace PgAutoFailover.Keeper.State;

/// <summary>
/// The files of a keeper without a monitor: read, and not written. A command registers the node anew meanwhile, and what it writes must not
/// be overwritten by what this process remembers.
/// </summary>
/// <param name="store">The files.</param>
public sealed class HeldStateStore(IKeeperStateStore store) : IKeeperStateStore
{
    public KeeperState? Load() => store.Load();

    public void Save(KeeperState state)
    {
        // Nothing that counts changes without a monitor.
    }

    public void Delete()
    {
        // As above.
    }

    public InitRecord? LoadInit() => store.LoadInit();

    public void SaveInit(InitRecord record)
    {
        // As above.
    }

    public void DeleteInit()
    {
        // As above.
    }
}
