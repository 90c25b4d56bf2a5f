using System.Text.Json.Nodes;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Output;

/// <summary>The local PostgreSQL as <c>status --json</c>, <c>config check --json</c> and the commands below <c>do</c> show it.</summary>
internal static class PostgresJson
{
    /// <param name="postgres">Null where none runs.</param>
    /// <param name="control">Null where it was not asked for.</param>
    public static JsonObject Of(NodeConfig config, LocalPostgres? postgres, ControlFileData? control = null) => new()
    {
        ["pgdata"] = config.PgData,
        ["pg_ctl"] = config[ConfigKeys.PgCtl],
        ["version"] = InstalledPostgres.Ask(Path.Join(Path.GetDirectoryName(config[ConfigKeys.PgCtl]), "postgres")).Short,
        ["host"] = config[ConfigKeys.Host] ?? postgres?.SocketDirectory ?? "localhost",
        ["port"] = postgres?.Port ?? config.Number(ConfigKeys.Port),
        ["proxyport"] = 0,
        ["pid"] = postgres?.Pid ?? 0,
        ["in_recovery"] = postgres?.Status == "standby" || File.Exists(Path.Join(config.PgData, "standby.signal")),
        ["control"] = new JsonObject
        {
            ["version"] = control?.Version ?? 0,
            ["catalog_version"] = control?.CatalogVersion ?? 0,
            ["system_identifier"] = control?.SystemIdentifier ?? "0",
        },
        ["postmaster"] = new JsonObject { ["status"] = postgres?.Status ?? LocalPostgres.NotRunning },
    };
}
