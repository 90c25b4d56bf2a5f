using Npgsql;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Postgres.Hba;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// The role, the database and the HBA rule that a monitor's PostgreSQL needs before the schema can go in. Running it again
/// changes nothing.
/// </summary>
internal sealed class MonitorDatabaseSetup(LocalPostgresServer server)
{
    private const string Owner = "autoctl";

    /// <exception cref="CommandFailure">PostgreSQL refuses.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server.LocalConnectionString("postgres"));
            await connection.OpenAsync(cancellationToken);
            await UnlessExistsAsync(
                connection, $"select from pg_roles where rolname = '{Owner}'", $"create role {Owner} with login", cancellationToken);

            // template0: an encoding of its own, whatever somebody put into template1.
            await UnlessExistsAsync(
                connection,
                $"select from pg_database where datname = '{MonitorUri.Database}'",
                $"create database {MonitorUri.Database} with owner {Owner} encoding 'UTF8' template template0",
                cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new CommandFailure(
                ExitCode.LocalSql, $"Failed to create the monitor's database in the local Postgres: {exception.Message}", inner: exception);
        }

        await AllowNodesAsync(cancellationToken);
    }

    /// <summary>Where the service finds the server that <see cref="RunAsync"/> has set up.</summary>
    public static string SocketDirectory(NodeConfig config) => LocalPostgres.FindSocketDirectory(config) ?? "localhost";

    private async Task AllowNodesAsync(CancellationToken cancellationToken)
    {
        var options = server.Options;
        var network = await Discoveries.NetworkAsync();
        await server.AddHbaRuleAsync(
            new HbaRule(options.Ssl.Active, MonitorUri.Database, MonitorUri.Role, network, options.AuthMethod), cancellationToken);
    }

    private static async Task UnlessExistsAsync(NpgsqlConnection connection, string exists, string create, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand($"select exists ({exists})", connection);
        if (await look.ExecuteScalarAsync(cancellationToken) is not true)
        {
            await using var command = new NpgsqlCommand(create, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
