using Npgsql.Replication;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Looking;

/// <summary>
/// The primary as the standby's own walreceiver sees it, with the same role and HBA rule. It takes a place among <c>max_wal_senders</c> for the
/// moment of a look.
/// </summary>
internal sealed class ReplicationSession : IPrimarySession
{
    private static readonly Version s_reportsStandby = new(14, 0);

    private readonly PhysicalReplicationConnection _connection;

    /// <exception cref="FormatException">The connection string asks for what cannot be done over this connection.</exception>
    public ReplicationSession(ConnectionUri host, PromoterSettings settings)
    {
        if (host["sslcrl"] is not null)
        {
            throw new FormatException("sslcrl cannot be checked over a replication connection: set pg_promoter.primary_conninfo to an ordinary one");
        }

        var builder = host.ToConnectionString(ConnectionSettings.ApplicationName);
        ConnectionSettings.Apply(builder, settings);
        _connection = new PhysicalReplicationConnection(builder.ConnectionString);
    }

    public Task OpenAsync(CancellationToken cancellationToken) => _connection.Open(cancellationToken);

    public async Task<PrimaryIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var system = await _connection.IdentifySystem(cancellationToken);
        return new PrimaryIdentity(system.SystemId, await IsInRecoveryAsync(cancellationToken), new Lsn((ulong)system.XLogPos));
    }

    // A transaction of a standby is read-only. So is one of a version 13 primary whose administrator made that the default: it is taken for a
    // standby, and watched with an ordinary connection then.
    private async Task<bool> IsInRecoveryAsync(CancellationToken cancellationToken) =>
        await _connection.Show(_connection.PostgreSqlVersion >= s_reportsStandby ? "in_hot_standby" : "transaction_read_only", cancellationToken) == "on";

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
