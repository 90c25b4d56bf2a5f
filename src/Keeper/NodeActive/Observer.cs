using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Looks at PostgreSQL, one look at a time, and keeps the last one.</summary>
internal sealed class Observer(IPostgresServer server, Signal signal, TimeProvider time)
{
    /// <summary>A server that has not answered by then does not answer; the server's own limit is shorter.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly Inquiry<PostgresObservation> _look = new(signal, time);

    public PostgresObservation Latest { get; private set; } = new() { Phase = PostgresPhase.Down };

    /// <summary>When the latest look began; what happened later may not be in it. Null before the first.</summary>
    public long? LatestBegan { get; private set; }

    public bool IsLooking => _look.IsRunning;

    /// <summary>When the look that runs, or ran last, began.</summary>
    public long LastBegan => _look.StartedAt;

    public void Look(CancellationToken cancellationToken) =>
        _look.Start(() => server.ObserveAsync(cancellationToken).WaitAsync(s_limit, time, cancellationToken));

    /// <summary>Takes a look that has ended; true when there was one.</summary>
    public bool TryTake()
    {
        if (!_look.TryTake(out var reply))
        {
            return false;
        }

        LatestBegan = _look.StartedAt;
        Latest = reply.Value ?? new PostgresObservation
        {
            Phase = server.IsRunning ? PostgresPhase.Starting : PostgresPhase.Down,
            Problem = reply.Error is TimeoutException ? "PostgreSQL does not answer" : reply.Error?.Message,
        };
        return true;
    }

    public Task EndAsync() => _look.EndAsync();
}
