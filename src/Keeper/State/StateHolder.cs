namespace PgAutoFailover.Keeper.State;

/// <summary>
/// The keeper's state in memory, with the file never behind it: a change is visible to readers only when it is durable. Several
/// tasks change different members (a transition its role, the loop its contacts), so a change is a function of the newest value.
/// </summary>
internal sealed class StateHolder(IKeeperStateStore store, KeeperState initial)
{
    private readonly Lock _lock = new();
    private volatile KeeperState _current = initial;

    public KeeperState Current => _current;

    /// <summary>Applies a change and returns when it is durable. A change that changes nothing is not written.</summary>
    /// <exception cref="IOException">It could not be written, and did not happen.</exception>
    public void Change(Func<KeeperState, KeeperState> change)
    {
        lock (_lock)
        {
            var next = change(_current);
            if (next != _current)
            {
                store.Save(next);
                _current = next;
            }
        }
    }

    public InitRecord? LoadInit() => store.LoadInit();

    public void SaveInit(InitRecord record) => store.SaveInit(record);

    public void DeleteInit() => store.DeleteInit();
}
