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
                await FollowAsync(connection, cancellationToken);
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

    // A script that edits row by row, or anybody who may NOTIFY, sends any number of notifications: while one reading is under way they are taken together, for
    // the next one.
    private async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var edited = new Signal();
        Task[] both = [HearAsync(connection, edited, ending.Token), ReadAsync(edited, ending.Token)];
        var first = await Task.WhenAny(both);
        await ending.CancelAsync();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private static async Task HearAsync(NpgsqlConnection connection, Signal edited, CancellationToken cancellationToken)
    {
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
            edited.Set();
        }
    }

    private async Task ReadAsync(Signal edited, CancellationToken cancellationToken)
    {
        while (true)
        {
            await edited.WaitAsync(cancellationToken);
            await groups.ReloadAsync(cancellationToken);
        }
    }
}
