using Microsoft.Extensions.Logging;
using Npgsql;
using PgAutoFailover.Monitor.Groups;

namespace PgAutoFailover.Monitor.Store;

/// <summary>
/// Notices when somebody edits the tables, and when the monitor's PostgreSQL has been away: edits of that time were not heard of,
/// and the silence of the nodes during it is none of theirs.
/// </summary>
internal sealed class EditListener(MonitorDatabase database, GroupRegistry groups, MonitorClock clock, ILogger logger)
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Listens until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var away = false;
        while (true)
        {
            try
            {
                await using var connection = await database.OpenUnpooledAsync(cancellationToken);
                await using (var listen = new NpgsqlCommand("listen pgautofailover_edit", connection))
                {
                    await listen.ExecuteNonQueryAsync(cancellationToken);
                }

                if (away)
                {
                    away = false;
                    clock.BeginGracePeriod();
                    Log.DatabaseIsBack(logger);
                }

                // What was edited before LISTEN took effect is found by reading once.
                await groups.ReloadAsync(cancellationToken);
                while (true)
                {
                    await connection.WaitAsync(cancellationToken);
                    await groups.ReloadAsync(cancellationToken);
                }
            }
            catch (Exception e) when (e is NpgsqlException or StoreException)
            {
                if (!away)
                {
                    away = true;
                    Log.DatabaseIsAway(logger, e.Message);
                }
            }

            await Task.Delay(s_retryDelay, clock.Time, cancellationToken);
        }
    }
}
