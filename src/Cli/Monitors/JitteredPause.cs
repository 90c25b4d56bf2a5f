namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// Pauses between attempts to connect, with decorrelated jitter: each is random, between the least one and three times the one before, and
/// never longer than the longest. Many clients of a server that comes back do not knock at the same moment.
/// </summary>
internal sealed class JitteredPause(TimeSpan least, TimeSpan most)
{
    private TimeSpan _last = TimeSpan.Zero;

    public TimeSpan Next()
    {
        var limit = Math.Min(most.TotalMilliseconds, Math.Max(_last.TotalMilliseconds, least.TotalMilliseconds) * 3);
        _last = TimeSpan.FromMilliseconds(least.TotalMilliseconds + (Random.Shared.NextDouble() * (limit - least.TotalMilliseconds)));
        return _last;
    }
}
