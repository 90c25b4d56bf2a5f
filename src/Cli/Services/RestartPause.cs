namespace PgAutoFailover.Cli.Services;

/// <summary>
/// How long a service that has failed waits before it is started again: a moment, and five times longer after each further failure. One that ran
/// well in between begins anew. What fails for want of something, such as disk space, is given time until there is some, before
/// <see cref="RestartLimit"/> ends it all.
/// </summary>
internal sealed class RestartPause(TimeSpan longest, TimeProvider time)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan RanWell = TimeSpan.FromSeconds(60);
    private const double Growth = 5;
    private readonly TimeSpan _longest = longest > Shortest ? longest : Shortest;
    private long _began;
    private TimeSpan _next = Shortest;

    /// <summary>The service begins to run.</summary>
    public void Begin() => _began = time.GetTimestamp();

    /// <summary>It has failed: how long to wait.</summary>
    public TimeSpan Take()
    {
        var pause = time.GetElapsedTime(_began) > RanWell ? Shortest : _next;
        _next = pause * Growth < _longest ? pause * Growth : _longest;
        return pause;
    }
}
