using System.Text.Json;
using Npgsql;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Sessions;

/// <summary>Everything that is reported of a running server, in one query.</summary>
internal sealed class Observer(LocalSession session, TimeProvider time)
{
    /// <summary>What a server that does not answer in this time is called: not answering.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // Which timeline a standby has got to without a walreceiver, only the names of its WAL files tell: the highest one up to its position.
    // A standby that restarted receives from the start of a WAL file again and may already have replayed more: the greater counts.
    private const string Query =
        $$"""
        select pg_is_in_recovery(),
               coalesce(case when pg_is_in_recovery() then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                             else pg_current_wal_flush_lsn() end, '0/0')::text,
               case when pg_is_in_recovery() then coalesce((select nullif(received_tli, 0) from pg_stat_wal_receiver), (
                         select max(('x' || substr(f.name, 1, 8))::bit(32)::int)
                           from pg_ls_waldir() as f,
                                (select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn as bytes,
                                        (select setting::numeric from pg_settings where name = 'wal_segment_size') as segment) as reached
                          where f.name ~ '^[0-9A-F]{24}$'
                            and substr(f.name, 9) <= upper(lpad(to_hex(div(bytes, 4294967296)::bigint), 8, '0')
                                                          || lpad(to_hex(div(mod(bytes, 4294967296), segment)::bigint), 8, '0'))), 0)
                    else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end,
               (select system_identifier from pg_control_system()),
               current_setting('server_version_num')::int,
               current_setting('synchronous_standby_names'),
               (select coalesce(json_agg(json_build_array(pid, application_name, state, sync_state, coalesce(flush_lsn, '0/0'), coalesce(reply_time::text, ''))), '[]')
                  from pg_stat_replication where application_name like 'pgautofailover\_standby\_%')::text,
               coalesce((select json_build_array(pid, status, coalesce(sender_host, ''), coalesce(sender_port, 0), coalesce(received_tli, 0),
                       coalesce(last_msg_receipt_time::text, ''), written_lsn is null and latest_end_lsn > flushed_lsn) from pg_stat_wal_receiver where pid is not null), '[]')::text,
               (select greatest(0, latest_end_lsn - pg_last_wal_replay_lsn())::bigint from pg_stat_wal_receiver where pid is not null),
               {{RecoveryTarget.Expression}}
        """;

    private readonly Freshness _replies = new(time);
    private readonly Freshness _messages = new(time);

    public async Task<PostgresObservation> ObserveAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await session.UseAsync(ReadAsync, either.Token).WaitAsync(Limit, time, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task<PostgresObservation> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new PostgresObservation
        {
            Phase = PostgresPhase.Ready,
            InRecovery = row.GetBoolean(0),
            Lsn = Lsn.Parse(row.GetString(1)),
            Timeline = row.GetInt32(2),
            SystemIdentifier = row.GetInt64(3),
            VersionNum = row.GetInt32(4),
            SynchronousStandbyNames = row.GetString(5),
            WalSenders = ReadWalSenders(row.GetString(6)),
            WalReceiver = ReadWalReceiver(row.GetString(7)),
            ReplayLag = row.GetValue(8) as long?,
            RecoveryTarget = row.GetString(9),
        };
    }

    private List<WalSender> ReadWalSenders(string json)
    {
        using var document = JsonDocument.Parse(json);
        var rows = document.RootElement.EnumerateArray().Select(r => r.EnumerateArray().ToArray()).ToList();
        _replies.Keep(rows.ConvertAll(r => r[0].GetInt32()));
        return rows.ConvertAll(r => new WalSender(
            Text(r[1]), Text(r[2]), Text(r[3]), Lsn.Parse(Text(r[4])), _replies.Age(r[0].GetInt32(), Text(r[5]))));
    }

    private WalReceiver? ReadWalReceiver(string json)
    {
        using var document = JsonDocument.Parse(json);
        var r = document.RootElement.EnumerateArray().ToArray();
        if (r.Length == 0)
        {
            return null;
        }

        _messages.Keep([r[0].GetInt32()]);
        return new WalReceiver(
            Text(r[1]) == "streaming", Text(r[2]), r[3].GetInt32(), r[4].GetInt32(), _messages.Age(r[0].GetInt32(), Text(r[5])))
        {
            WritesNothing = r[6].ValueKind == JsonValueKind.True,
        };
    }

    private static string Text(JsonElement element) => element.GetString() ?? "";
}
