using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// How long PostgreSQL has been down although it is to run, and how often starting it has failed: the keeper's own account, for
/// the cases that the server's supervision does not see, such as a PostgreSQL that was down before the keeper started.
/// </summary>
internal sealed class Outage(TimeProvider time)
{
    private long? _since;

    public int FailedStarts { get; private set; }

    public TimeSpan DownFor => _since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Observe(PostgresObservation observation, bool toRun)
    {
        if (observation.IsReady || !toRun)
        {
            _since = null;
            FailedStarts = 0;
        }
        else
        {
            _since ??= time.GetTimestamp();
        }
    }

    public void StartFailed() => FailedStarts++;
}
