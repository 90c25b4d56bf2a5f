using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Sessions;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// From standby to primary, as fast as PostgreSQL itself: nothing stands before the promotion request, and its end is looked for
/// every few milliseconds.
/// </summary>
internal sealed class Promotion(LocalCommands commands, SynchronousStandbys synchronous, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns when the server takes writes; true when it was a standby until now.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (await commands.QueryAsync("select pg_is_in_recovery()::text, current_setting('synchronous_standby_names')", cancellationToken)
            is not [["true", var names]])
        {
            return false;
        }

        // Were it not empty, the first commit would wait for a standby that is only about to follow.
        if (names is not "")
        {
            await synchronous.SetAsync("", cancellationToken);
        }

        await commands.ExecuteAsync("select pg_promote(wait => false)", cancellationToken);
        while (await commands.IsTrueAsync("select pg_is_in_recovery()", cancellationToken))
        {
            if (time.GetElapsedTime(start) > s_limit)
            {
                throw new PostgresException($"PostgreSQL has not left recovery {s_limit.TotalSeconds} s after it was asked to", "Look into its log.");
            }

            await Task.Delay(s_look, time, cancellationToken);
        }

        Log.Promoted(logger, time.GetElapsedTime(start).TotalMilliseconds);
        return true;
    }
}
