using Npgsql;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Monitor.Service;
using PgAutoFailover.Postgres.Discovery;
using PgAutoFailover.Postgres.Hba;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// The role, the database, the schema and the HBA rule of a monitor. Meanwhile PostgreSQL listens on its unix socket only: a node
/// that comes early finds nobody and tries again, rather than half a monitor that sends it away. Running it again changes
/// nothing.
/// </summary>
internal sealed class MonitorDatabaseSetup(LocalPostgresServer server, ServiceAddress service)
{
    private const string Owner = "autoctl";

    /// <exception cref="CommandFailure">PostgreSQL refuses.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = server.Options;
        var isPrivate = !server.IsRunning && options.SocketDirectory is not "";
        if (isPrivate)
        {
            server.Options = options with { ListenAddresses = "" };
        }

        try
        {
            await server.StartAsync(cancellationToken);
            await CreateDatabaseAsync(cancellationToken);
            await InstallSchemaAsync(cancellationToken);
            await AllowNodesAsync(server, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new CommandFailure(
                ExitCode.LocalSql, $"Failed to set up the monitor's database in the local Postgres: {exception.Message}", inner: exception);
        }
        finally
        {
            if (isPrivate)
            {
                await server.StopAsync(StopMode.Fast, CancellationToken.None);
                server.Options = options;
            }
        }
    }

    /// <summary>Where the service finds the server that <see cref="RunAsync"/> has set up.</summary>
    public static string SocketDirectory(NodeConfig config) => LocalPostgres.FindSocketDirectory(config) ?? "localhost";

    /// <summary>Adds the rules that let nodes in, where they are missing: another choice of encryption needs another rule.</summary>
    public static async Task AllowNodesAsync(LocalPostgresServer server, CancellationToken cancellationToken)
    {
        var options = server.Options;
        var networks = await OwnAddress.NetworksOfAsync(options.HostName, cancellationToken);
        foreach (var network in networks.DefaultIfEmpty(options.HostName))
        {
            await server.AddHbaRuleAsync(
                new HbaRule(options.Ssl.Active, HbaName.Of(MonitorUri.Database), HbaName.Of(MonitorUri.Role), network, options.AuthMethod), cancellationToken);
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.LocalConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await UnlessExistsAsync(connection, $"select from pg_roles where rolname = '{Owner}'", $"create role {Owner} with login", cancellationToken);

        // template0: an encoding of its own, whatever somebody put into template1.
        await UnlessExistsAsync(
            connection,
            $"select from pg_database where datname = '{MonitorUri.Database}'",
            $"create database {MonitorUri.Database} with owner {Owner} encoding 'UTF8' template template0",
            cancellationToken);
        await ConfineNodesAsync(connection, cancellationToken);
    }

    // Whatever pg_hba.conf says: the role of nodes has one database. PostgreSQL opens every new one to everybody.
    private static async Task ConfineNodesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("revoke connect on database postgres, template1 from public", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task InstallSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.LocalConnectionString(MonitorUri.Database));
        await connection.OpenAsync(cancellationToken);
        await SchemaInstaller.InstallAsync(connection, service, cancellationToken);
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
