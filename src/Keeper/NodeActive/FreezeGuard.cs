namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Notices that the process did not run for a while: it was stopped (SIGSTOP), or its machine was. The clock of this check has to
/// be one that goes on meanwhile, which the monotonic clock of a stopped process does.
/// </summary>
internal sealed class FreezeGuard(TimeProvider time)
{
    /// <summary>The loop wakes every second; a pause of several of them is no accident of scheduling.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    /// <summary>Time that the monitor gets to answer before a lease that ran out during the pause has its effect.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private long _roundEnded = time.GetTimestamp();
    private long? _thawedAt;

    /// <summary>No freeze was noticed within the last moments.</summary>
    public bool IsOver => _thawedAt is not { } thawedAt || time.GetElapsedTime(thawedAt) > s_grace;

    /// <summary>The length of the pause since the last round where it was a freeze, else null.</summary>
    public TimeSpan? WasFrozen()
    {
        var pause = time.GetElapsedTime(_roundEnded);
        if (pause < s_pause)
        {
            return null;
        }

        _thawedAt = time.GetTimestamp();
        return pause;
    }

    public void EndRound() => _roundEnded = time.GetTimestamp();
}
