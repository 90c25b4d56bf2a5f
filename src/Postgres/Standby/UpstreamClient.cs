using Npgsql;
using Npgsql.Replication;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>What a node asks of the node it follows, as the replication role.</summary>
internal static class UpstreamClient
{
    /// <summary>IDENTIFY_SYSTEM and TIMELINE_HISTORY.</summary>
    public static async Task<UpstreamIdentity> IdentifyAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            ReplicationSystemIdentification system;
            await using (var connection = new PhysicalReplicationConnection(ConnectionString(options, upstream, database: null)))
            {
                await connection.Open(cancellationToken);
                system = await connection.IdentifySystem(cancellationToken);
            }

            IReadOnlyList<(int, Lsn)> history = system.Timeline > 1
                ? TimelineHistory.Parse(await ReadHistoryAsync(options, upstream, system.Timeline, cancellationToken))
                : [];
            return new UpstreamIdentity(
                unchecked((long)ulong.Parse(system.SystemId)), (int)system.Timeline, new Lsn((ulong)system.XLogPos), history);
        }
        catch (NpgsqlException e)
        {
            throw Unreachable(upstream, e);
        }
    }

    /// <summary>Whether it is out of recovery.</summary>
    public static async Task<bool> TakesWritesAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(options, upstream, options.DbName));
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select not pg_is_in_recovery()", connection);
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        catch (NpgsqlException e)
        {
            throw Unreachable(upstream, e);
        }
    }

    public static async Task CheckpointAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(options, upstream, options.DbName));
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("checkpoint", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw Unreachable(upstream, e);
        }
    }

    // Not by TIMELINE_HISTORY: the driver expects bytes where servers since 15 say that it is text.
    private static async Task<string> ReadHistoryAsync(PostgresOptions options, Upstream upstream, uint timeline, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(options, upstream, options.DbName));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"select pg_read_file('pg_wal/{timeline:X8}.history')", connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
    }

    private static Server.PostgresException Unreachable(Upstream upstream, NpgsqlException e) => new(
        $"could not talk to {upstream}: {ConnectionFailure.Describe(e)}",
        ConnectionFailure.Hint(e) ?? $"Is it running, and does its pg_hba.conf let {upstream.Role} in from here?", e);

    private static string ConnectionString(PostgresOptions options, Upstream upstream, string? database) => new NpgsqlConnectionStringBuilder
    {
        Host = upstream.Host,
        Port = upstream.Port,
        Username = upstream.Role,
        Password = options.ReplicationPassword,
        Database = database,
        ApplicationName = "pg_auto_failover",
        Pooling = false,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Timeout = 2,
        CommandTimeout = 10,
        Enlist = false,
        SslMode = options.Ssl.Mode switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => SslMode.Prefer,
        },
        RootCertificate = options.Ssl.Mode is "verify-ca" or "verify-full" ? options.Ssl.CaFile : null,
    }.ConnectionString;
}
