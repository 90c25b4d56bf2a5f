namespace PgAutoFailover.Postgres.Sessions;

/// <summary>
/// How long ago something last spoke, by our own monotonic clock: the time since its timestamp last changed. The timestamp itself is
/// no measure: <c>reply_time</c> is read off the standby's clock, and any clock may be set.
/// </summary>
internal sealed class Freshness(TimeProvider time)
{
    private readonly Dictionary<int, (string Stamp, long SeenAt)> _last = [];

    /// <summary>Age of what process <paramref name="pid"/> last said; zero when it spoke since the last look, or was never looked at.</summary>
    public TimeSpan Age(int pid, string stamp)
    {
        if (!_last.TryGetValue(pid, out var last) || last.Stamp != stamp)
        {
            _last[pid] = last = (stamp, time.GetTimestamp());
        }

        return time.GetElapsedTime(last.SeenAt);
    }

    /// <summary>Forgets all processes but these.</summary>
    public void Keep(IReadOnlyCollection<int> pids)
    {
        foreach (var gone in _last.Keys.Except(pids).ToList())
        {
            _last.Remove(gone);
        }
    }
}
