using Npgsql;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>How a command connects: over the network to a monitor elsewhere, over the unix socket to the one beside it.</summary>
internal static class MonitorConnectionString
{
    private const string ApplicationName = "pg_autoctl";
    private const int TimeoutSeconds = 5;
    private const int CommandTimeoutSeconds = 60;

    /// <summary>A connection that is not open yet.</summary>
    public static NpgsqlConnection CreateConnection(MonitorTarget target) =>
        target is { IsLocalMonitor: true, Local: { } local } && LocalPostgres.FindSocketDirectory(local.Config) is { } socketDirectory
            ? new NpgsqlConnection(Local(local.Config, socketDirectory).ConnectionString)
            : ConnectionUri.Parse(target.Uri).CreateConnection(ApplicationName, settings =>
            {
                settings.Timeout = TimeoutSeconds;
                settings.CommandTimeout = CommandTimeoutSeconds;
            });

    private static NpgsqlConnectionStringBuilder Local(NodeConfig config, string socketDirectory) => new()
    {
        Host = socketDirectory,
        Port = config.Number(ConfigKeys.Port),
        Username = MonitorUri.Role,
        Database = MonitorUri.Database,
        ApplicationName = ApplicationName,
        Pooling = false,
        IncludeErrorDetail = true,
        Timeout = TimeoutSeconds,
        CommandTimeout = CommandTimeoutSeconds,
    };
}
