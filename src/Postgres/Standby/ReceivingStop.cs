using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Sessions;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>
/// Disconnects a standby from its upstream for good, without leaving recovery. From the moment this returns no write of the old
/// primary can be acknowledged through this node; that is what makes its promotion safe.
/// </summary>
/// <remarks>
/// Taking <c>primary_conninfo</c> away makes the startup process end its walreceiver, but only once it has replayed everything that
/// was received: with a replay lag that takes long, and the walreceiver goes on acknowledging. So the walreceiver is ended
/// directly, after the setting is gone; it flushes what it has, and nobody starts it again.
/// </remarks>
internal sealed class ReceivingStop(LocalCommands commands, ILogger logger, TimeProvider time)
{
    // Replay never reaches the end of what was received when the last record came only in part; then the startup process waits for
    // more, and nothing is left to replay.
    private const string State =
        """
        select current_setting('primary_conninfo'),
               coalesce((select pid from pg_stat_wal_receiver), 0)::text,
               coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), true)
               or coalesce((select wait_event in ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream')
                              from pg_stat_activity where backend_type = 'startup'), false),
               coalesce(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')::text,
               (select min_recovery_end_timeline from pg_control_recovery())::text
        """;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    public async Task RunAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        await RecoveryTarget.RefuseAsync(commands, cancellationToken);
        StandbySettings.Write(options, upstream: null);
        await commands.ExecuteAsync("select pg_reload_conf()", cancellationToken);

        // Operators may have paused replay: it would never reach its end.
        await commands.ExecuteAsync("select pg_wal_replay_resume() where pg_is_wal_replay_paused()", cancellationToken);
        var start = time.GetTimestamp();
        for (var calm = 0; calm < 2; await Task.Delay(s_look, time, cancellationToken))
        {
            if (await commands.QueryAsync(State, cancellationToken) is not [[var conninfo, var receiver, var replayed, var lsn, var timeline]])
            {
                throw new PostgresException("the standby does not say what its walreceiver does");
            }

            if (conninfo is { Length: > 0 })
            {
                ThrowIfLate(time.GetElapsedTime(start));
                calm = 0;
                continue;
            }

            if (receiver is not "0")
            {
                _ = Libc.Kill(int.Parse(receiver!), Libc.SigTerm); // the query never answers NULL
            }

            calm = receiver is "0" && replayed is "t" ? calm + 1 : 0;
            if (calm == 2)
            {
                Log.StoppedReceiving(logger, lsn ?? "", int.Parse(timeline ?? "0"));
            }
        }
    }

    private static void ThrowIfLate(TimeSpan elapsed)
    {
        if (elapsed > TimeSpan.FromSeconds(10))
        {
            throw new PostgresException(
                "PostgreSQL keeps its primary_conninfo although it was taken out of its settings",
                "Look for primary_conninfo in postgresql.conf and postgresql.auto.conf, and for errors in them.");
        }
    }
}
