namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What other tasks tell the loop.</summary>
[Flags]
internal enum LoopInput
{
    None = 0,

    /// <summary>A state of the group has changed on the monitor, or notifications may have been missed.</summary>
    GroupChanged = 1,

    /// <summary>The postmaster died, came up, or gave up.</summary>
    PostgresChanged = 2,
}

/// <summary>Where other tasks leave what the loop is to know. Telling it twice is telling it once.</summary>
internal sealed class LoopInputs(TimeProvider time) : IDisposable
{
    private int _flags;
    private KeeperSettings? _settings;

    public Signal Signal { get; } = new(time);

    public void Tell(LoopInput input)
    {
        Interlocked.Or(ref _flags, (int)input);
        Signal.Set();
    }

    /// <summary>The configuration has been read again; the last one counts.</summary>
    public void Tell(KeeperSettings settings)
    {
        Interlocked.Exchange(ref _settings, settings);
        Signal.Set();
    }

    public LoopInput Take() => (LoopInput)Interlocked.Exchange(ref _flags, 0);

    public KeeperSettings? TakeSettings() => Interlocked.Exchange(ref _settings, null);

    public void Dispose() => Signal.Dispose();
}
