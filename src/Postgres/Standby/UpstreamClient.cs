using Microsoft.Extensions.Logging;
using Npgsql;
using Npgsql.Replication;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using ServerError = Npgsql.PostgresException;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>What a node asks of the node it follows, as the replication role.</summary>
internal static class UpstreamClient
{
    private const string ApplicationName = "pg_auto_failover";

    /// <summary>IDENTIFY_SYSTEM and TIMELINE_HISTORY.</summary>
    public static async Task<UpstreamIdentity> IdentifyAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            await CheckCertificateAsync(options, upstream, cancellationToken);
            ReplicationSystemIdentification system;
            await using (var connection = new PhysicalReplicationConnection(ReplicationConnectionString(options, upstream)))
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

    /// <summary>Major version of its server.</summary>
    public static async Task<int> ReadMajorVersionAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        try
        {
            await CheckCertificateAsync(options, upstream, cancellationToken);
            await using var connection = new PhysicalReplicationConnection(ReplicationConnectionString(options, upstream));
            await connection.Open(cancellationToken);
            return connection.PostgreSqlVersion.Major;
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
            await using var connection = Connection(options, upstream);
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
            await using var connection = Connection(options, upstream);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("checkpoint", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw Unreachable(upstream, e);
        }
    }

    /// <summary>Pieces of files in its data directory, each null where it has not got that file; none where it lets us stream, but not read them.</summary>
    public static async Task<IReadOnlyList<byte[]?>> ReadFilesAsync(
        PostgresOptions options, Upstream upstream, IEnumerable<(string Path, long Offset, long Length)> pieces, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = Connection(options, upstream);
            await connection.OpenAsync(cancellationToken);
            var contents = new List<byte[]?>();
            foreach (var (path, offset, length) in pieces)
            {
                await using var command = new NpgsqlCommand("select pg_read_binary_file($1, $2, $3, true)", connection)
                {
                    Parameters = { new() { Value = path }, new() { Value = offset }, new() { Value = length } },
                };
                contents.Add(await command.ExecuteScalarAsync(cancellationToken) as byte[]);
            }

            return contents;
        }
        catch (ServerError e) when (e.SqlState is PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege)
        {
            Log.FilesNotRead(logger, upstream.ToString(), e.MessageText);
            return [];
        }
        catch (NpgsqlException e)
        {
            throw Unreachable(upstream, e);
        }
    }

    // A replication connection of the driver looks at no list of revoked certificates, and does not say why it refuses one. A server that
    // refuses this session, for want of an HBA rule, has shown its certificate before.
    private static async Task CheckCertificateAsync(PostgresOptions options, Upstream upstream, CancellationToken cancellationToken)
    {
        if (!options.Ssl.Verifies)
        {
            return;
        }

        try
        {
            await using var connection = Connection(options, upstream);
            await connection.OpenAsync(cancellationToken);
        }
        catch (ServerError)
        {
            // What it has against us is told by the connection that matters.
        }
    }

    // Not by TIMELINE_HISTORY: the driver expects bytes where servers since 15 say that it is text.
    private static async Task<string> ReadHistoryAsync(PostgresOptions options, Upstream upstream, uint timeline, CancellationToken cancellationToken)
    {
        await using var connection = Connection(options, upstream);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"select pg_read_file('pg_wal/{TimelineHistory.FileName((int)timeline)}')", connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "";
    }

    private static Server.PostgresException Unreachable(Upstream upstream, NpgsqlException e) => new(
        $"could not talk to {upstream}: {(e is ServerError refusal ? refusal.MessageText : ConnectionFailure.Describe(e))}",
        e is ServerError { SqlState: PostgresErrorCodes.InvalidPassword }
            ? $"Give the password that role {upstream.Role} has there: \"pg_autoctl config set replication.password\" on this node, or ~/.pgpass"
            : ConnectionFailure.Hint(e) ?? $"Is it running, and does its pg_hba.conf let {upstream.Role} in from here?",
        e);

    private static NpgsqlConnection Connection(PostgresOptions options, Upstream upstream) =>
        Uri(options, upstream).CreateConnection(ApplicationName, Limit);

    private static string ReplicationConnectionString(PostgresOptions options, Upstream upstream)
    {
        var settings = Uri(options, upstream).ToConnectionString(ApplicationName);
        settings.Database = null;
        Limit(settings);
        return settings.ConnectionString;
    }

    private static ConnectionUri Uri(PostgresOptions options, Upstream upstream) => new()
    {
        Hosts = [new HostAndPort(upstream.Host, upstream.Port)],
        User = upstream.Role,
        Password = options.ReplicationPassword,
        Database = options.DbName,
        Parameters = [.. options.Ssl.ClientParameters],
    };

    private static void Limit(NpgsqlConnectionStringBuilder settings)
    {
        settings.Timeout = 2;
        settings.CommandTimeout = 10;
        settings.Enlist = false;
    }
}
