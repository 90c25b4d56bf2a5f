using Microsoft.Extensions.Logging;
using Npgsql;

namespace PgAutoFailover.Monitor.Store;

/// <summary>
/// Warns while there still are sessions left. Every keeper needs two of the monitor's PostgreSQL; one that gets none cannot report, and its node counts
/// as silent although nothing is wrong with it.
/// </summary>
internal sealed class SessionWatch(MonitorDatabase database, TimeProvider time, ILogger logger)
{
    private const double NearlyAll = 0.85;
    private const double FewEnough = 0.75;

    // What PostgreSQL 16 reserves for members of a role is not for keepers either.
    private const string Sql = """
        select count(*) filter (where backend_type = 'client backend'),
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0)
          from pg_stat_activity
        """;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(30);

    private bool _hasWarned;

    /// <summary>Looks until cancelled. While PostgreSQL is away there is nothing to see.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            try
            {
                var (used, room) = await LookAsync(cancellationToken);
                Take(used, room);
            }
            catch (NpgsqlException)
            {
                // Others say that it is away.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    internal async Task<(long Used, int Room)> LookAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt32(1));
    }

    /// <summary>Says once that it gets tight, and again when that was over in between.</summary>
    internal void Take(long used, int room)
    {
        if (used >= room * NearlyAll && !_hasWarned)
        {
            Log.SessionsRunOut(logger, used, room);
        }

        _hasWarned = used >= room * (_hasWarned ? FewEnough : NearlyAll);
    }
}
