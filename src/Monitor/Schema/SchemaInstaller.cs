using System.Globalization;
using Npgsql;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Schema;

/// <summary>
/// Brings a database to the schema of this program: everything, or what is missing, in one transaction. Running it again
/// changes nothing. Two programs that start at the same time take turns.
/// </summary>
public static class SchemaInstaller
{
    // A lock that only a superuser can take: one that the role of nodes could hold, such as an advisory lock, would keep a monitor from starting. Reading the
    // catalog goes on meanwhile.
    private const string TakeTurns = "set local search_path = pg_catalog; lock table pg_catalog.pg_namespace in share row exclusive mode";

    /// <summary>Version of the tables that this program speaks.</summary>
    public static int Version => SchemaScripts.Migrations[^1].Version;

    /// <summary>Installs or migrates, and notes where the service listens.</summary>
    /// <param name="connection">An open connection as a superuser, outside of a transaction.</param>
    /// <returns>True when anything changed.</returns>
    /// <exception cref="SchemaException">The database belongs to a newer program, or something that is needed is missing.</exception>
    public static async Task<bool> InstallAsync(NpgsqlConnection connection, ServiceAddress service, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, TakeTurns, cancellationToken);

        var (version, functions) = await InstalledAsync(connection, cancellationToken);
        if (version > Version)
        {
            throw new SchemaException(
                $"the monitor's database has schema version {version}, this program knows versions up to {Version}",
                "Run the program that it was made with, or a newer one.");
        }

        var changed = version < Version || functions != SchemaScripts.FunctionsHash;
        if (version == 0)
        {
            await RequireExtensionsAsync(connection, cancellationToken);
            await RefuseExtensionOf20Async(connection, cancellationToken);
        }

        foreach (var migration in SchemaScripts.Migrations.Where(m => m.Version > version))
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await ExecuteAsync(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"insert into pgautofailover_private.schema_version (version) values ({migration.Version})"),
                cancellationToken);
        }

        if (changed)
        {
            foreach (var script in SchemaScripts.Functions)
            {
                await ExecuteAsync(connection, script, cancellationToken);
            }

            await ExecuteAsync(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"update pgautofailover_private.schema_version set functions = '{SchemaScripts.FunctionsHash}' where version = {Version}"),
                cancellationToken);
        }

        changed |= await NoteServiceAsync(connection, service, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private static async Task<(int Version, string Functions)> InstalledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('pgautofailover_private.schema_version') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return (0, "");
        }

        await using var newest = new NpgsqlCommand(
            "select version, functions from pgautofailover_private.schema_version order by version desc limit 1", connection);
        await using var reader = await newest.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt32(0), reader.GetString(1)) : (0, "");
    }

    private static async Task RequireExtensionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select string_agg(needed, ' and ')
              from unnest(array['btree_gist', 'dblink']) as needed
             where needed not in (select name from pg_available_extensions)
            """,
            connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is string missing)
        {
            throw new SchemaException(
                $"the monitor's PostgreSQL lacks {missing}",
                "Install the contrib modules of this PostgreSQL version, for example the package postgresql-contrib.");
        }
    }

    // Its tables have our names, but belong to the extension, whose library keeps deciding as long as it is loaded.
    private static async Task RefuseExtensionOf20Async(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select extversion from pg_extension where extname = 'pgautofailover'", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is string version)
        {
            throw new SchemaException(
                $"the database \"{connection.Database}\" belongs to a monitor of pg_auto_failover {version}",
                "Create a new monitor in another data directory and let the nodes join that one.");
        }
    }

    private static async Task<bool> NoteServiceAsync(NpgsqlConnection connection, ServiceAddress service, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into pgautofailover_private.service as s (host, port, program_version) values ($1, $2, $3)
                on conflict (one_row) do update set host = excluded.host, port = excluded.port, program_version = excluded.program_version
                where (s.host, s.port, s.program_version) <> (excluded.host, excluded.port, excluded.program_version)
            """,
            connection);
        command.Parameters.AddWithValue(service.Directory);
        command.Parameters.AddWithValue(service.Port);
        command.Parameters.AddWithValue(ProgramVersion.Text);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // the scripts are part of this program
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
