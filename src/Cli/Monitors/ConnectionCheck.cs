using Npgsql;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>Whether the local PostgreSQL accepts the connection that the configuration asks for, and has the settings that replication needs.</summary>
internal static class ConnectionCheck
{
    private const string WrongSettings = """
        select string_agg(name || ' = ' || setting, ', ' order by name)
          from pg_settings
         where (name = 'wal_level' and setting not in ('replica', 'logical'))
            or (name in ('max_wal_senders', 'max_replication_slots') and setting::int < 4)
            or (name in ('hot_standby', 'wal_log_hints') and setting <> 'on')
        """;

    /// <exception cref="CommandFailure">It does not.</exception>
    public static async Task RunAsync(LocalNode local, LocalPostgres postgres, CommandContext context, CancellationToken cancellationToken)
    {
        var config = local.Config;
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = postgres.SocketDirectory ?? config[ConfigKeys.Host] ?? "localhost",
            Port = postgres.Port,
            Username = config.IsMonitor ? MonitorUri.Role : config[ConfigKeys.UserName] ?? Environment.UserName,
            Database = config[ConfigKeys.DbName],
            ApplicationName = "pg_autoctl config check",
            Pooling = false,
            Timeout = 2,
        };
        var shown = $"port={settings.Port} dbname={settings.Database} host={settings.Host} user={settings.Username}";
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            context.Log.LocalConnectionIsOk(shown);
            if (config.IsMonitor)
            {
                return;
            }

            await using var command = new NpgsqlCommand(WrongSettings, connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is string wrong)
            {
                throw new CommandFailure(ExitCode.LocalSql, $"Settings of Postgres do not allow replication: {wrong}");
            }

            context.Log.SettingsAreOk();
        }
        catch (NpgsqlException exception)
        {
            throw new CommandFailure(ExitCode.LocalSql, $"Failed to connect to the local Postgres with \"{shown}\": {exception.Message}", inner: exception);
        }
    }
}
