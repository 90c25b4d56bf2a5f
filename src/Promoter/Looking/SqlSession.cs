using Npgsql;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Promoter.Settings;

namespace PgAutoFailover.Promoter.Looking;

/// <summary>The primary as an ordinary client sees it. Needs the right to connect, and nothing else.</summary>
internal sealed class SqlSession(ConnectionUri host, PromoterSettings settings) : IPrimarySession
{
    private const string Question =
        """
        select (select system_identifier::text from pg_catalog.pg_control_system()),
               pg_catalog.pg_is_in_recovery()::text,
               case when pg_catalog.pg_is_in_recovery() then '0/0' else pg_catalog.pg_current_wal_flush_lsn()::text end
        """;

    private readonly NpgsqlConnection _connection =
        (host.Database is null ? host with { Database = host.User ?? "postgres" } : host)
        .CreateConnection(ConnectionSettings.ApplicationName, builder => ConnectionSettings.Apply(builder, settings));

    public Task OpenAsync(CancellationToken cancellationToken) => _connection.OpenAsync(cancellationToken);

    public async Task<PrimaryIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Question, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new PrimaryIdentity(reader.GetString(0), reader.GetString(1) == "true", Lsn.Parse(reader.GetString(2)));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
