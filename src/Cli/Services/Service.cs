namespace PgAutoFailover.Cli.Services;

/// <summary>How a service ended by itself.</summary>
internal enum ServiceEnd
{
    /// <summary>It was asked to, or did all that it was asked for.</summary>
    Done,

    /// <summary>Everything else is to stop too, and that is fine: the node was dropped.</summary>
    StopAll,

    /// <summary>Everything else is to stop too, and starting again would not help.</summary>
    Fatal,

    /// <summary>Everything else is to stop too: what is on disk cannot be trusted.</summary>
    BadState,

    /// <summary>Everything else is to stop too, but for PostgreSQL: another version of this program goes on with it.</summary>
    Succeeded,
}

/// <summary>
/// A part of <c>pg_autoctl run</c> that is kept running. An exception that it lets out is a failure: it is started again,
/// within limits.
/// </summary>
/// <param name="Name">As the pidfile lists it.</param>
/// <param name="RunAsync">Runs until it is cancelled, or until it is done.</param>
/// <param name="EndsAll">When it is done, everything is: a creation that does not go on as a service.</param>
/// <param name="IsQuiet">Its start is nothing to tell of: it may have nothing to do.</param>
/// <param name="LongestPause">
/// How far the pauses grow before a service that fails again and again is started again; without it they do not grow, as for one that must not be
/// missing for long.
/// </param>
internal sealed record Service(
    string Name, Func<CancellationToken, Task<ServiceEnd>> RunAsync, bool EndsAll = false, bool IsQuiet = false, TimeSpan LongestPause = default);
