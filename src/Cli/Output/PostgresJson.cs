using System.Text.Json.Nodes;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Output;

/// <summary>The local PostgreSQL as <c>status --json</c> and <c>config check --json</c> show it.</summary>
internal static class PostgresJson
{
    public static JsonObject Of(NodeConfig config, LocalPostgres postgres, ControlFileData? control = null) => new()
    {
        ["pgdata"] = config.PgData,
        ["pg_ctl"] = config[ConfigKeys.PgCtl],
        ["version"] = InstalledPostgres.Ask(Path.Join(Path.GetDirectoryName(config[ConfigKeys.PgCtl]), "postgres")).Short,
        ["host"] = config[ConfigKeys.Host] ?? postgres.SocketDirectory ?? "localhost",
        ["port"] = postgres.Port,
        ["proxyport"] = 0,
        ["pid"] = postgres.Pid,
        ["in_recovery"] = postgres.Status == "standby" || File.Exists(Path.Join(config.PgData, "standby.signal")),
        ["control"] = new JsonObject
        {
            ["version"] = control?.Version ?? 0,
            ["catalog_version"] = control?.CatalogVersion ?? 0,
            ["system_identifier"] = control?.SystemIdentifier ?? "0",
        },
        ["postmaster"] = new JsonObject { ["status"] = "ready" },
    };
}
