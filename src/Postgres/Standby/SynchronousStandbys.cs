using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Sessions;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// Changes <c>synchronous_standby_names</c> and returns when the change is in force. That a session shows the new value is not
/// enough: whether commits wait is a flag in shared memory which the checkpointer sets, and in the middle of a fast checkpoint
/// it does not look at its settings. To trust a standby's acknowledgements too early would lose commits.
/// </summary>
internal sealed class SynchronousStandbys(LocalCommands commands, ILogger logger, TimeProvider time)
{
    private const string Idle = "select wait_event = 'CheckpointerMain' from pg_stat_activity where backend_type = 'checkpointer'";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public async Task SetAsync(string value, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await commands.ExecuteAsync($"alter system set synchronous_standby_names = {Sql.Text(value)}", cancellationToken);
        await commands.ExecuteAsync("select pg_reload_conf()", cancellationToken);
        while (await commands.ScalarAsync("select current_setting('synchronous_standby_names')", cancellationToken) != value)
        {
            if (time.GetElapsedTime(start) > s_limit)
            {
                throw new PostgresException(
                    $"PostgreSQL does not take synchronous_standby_names = '{value}'",
                    "Look for an error in its configuration files, which keeps it from reloading them.");
            }

            await Task.Delay(s_look, time, cancellationToken);
        }

        if (value.Length == 0)
        {
            await ReleaseCommitsAsync(cancellationToken);
        }
        else
        {
            await WaitForCheckpointerAsync(cancellationToken);
        }

        Log.SetSynchronousStandbyNames(logger, value);
    }

    // It was signalled before this session could show the new value. Seen idle a moment later, it has done what it was woken for.
    private async Task WaitForCheckpointerAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(s_settle, time, cancellationToken);
        while (await commands.ScalarAsync(Idle, cancellationToken) == "f")
        {
            await Task.Delay(s_settle, time, cancellationToken);
        }
    }

    // The checkpointer wakes waiting commits, unless it is busy: then they are released one by one, as 2.0 does.
    private async Task ReleaseCommitsAsync(CancellationToken cancellationToken)
    {
        const string Waiting = "from pg_stat_activity where wait_event = 'SyncRep' and pid <> pg_backend_pid()";
        var start = time.GetTimestamp();
        while (await commands.ScalarAsync($"select count(*) {Waiting}", cancellationToken) is not "0")
        {
            if (time.GetElapsedTime(start) > TimeSpan.FromMilliseconds(200))
            {
                var released = await commands.ScalarAsync($"select count(pg_cancel_backend(pid)) {Waiting}", cancellationToken);
                Log.ReleasedCommits(logger, int.Parse(released ?? "0"));
                return;
            }

            await Task.Delay(s_settle, time, cancellationToken);
        }
    }
}
