using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Output;

/// <summary>The local PostgreSQL as <c>config check</c> and <c>do pgsetup discover</c> show it.</summary>
internal static class PostgresText
{
    public static void Write(NodeConfig config, LocalPostgres? postgres, ControlFileData? control, CommandContext context)
    {
        var installed = InstalledPostgres.Ask(Path.Join(Path.GetDirectoryName(config[ConfigKeys.PgCtl]), "postgres"));
        var minor = installed.Number % 10000;
        var version = $"{installed.Major}{(minor < 10 ? "0" : "")}{minor}";
        (string Title, string? Value)[] lines =
        [
            ("pgdata", config.PgData),
            ("pg_ctl", config[ConfigKeys.PgCtl]),
            ("pg_version", $"\"{installed.Short}\" ({version})"),
            ("pghost", config[ConfigKeys.Host] ?? postgres?.SocketDirectory ?? "localhost"),
            ("pgport", $"{postgres?.Port ?? config.Number(ConfigKeys.Port)}"),
            ("proxyport", "0"),
            ("pid", $"{postgres?.Pid ?? 0}"),
            ("is in recovery", File.Exists(Path.Join(config.PgData, "standby.signal")) ? "yes" : "no"),
            ("Control cluster state", control?.State),
            ("Control Version", $"{control?.Version}"),
            ("Catalog Version", $"{control?.CatalogVersion}"),
            ("System Identifier", control?.SystemIdentifier),
            ("Latest checkpoint LSN", control?.LatestCheckpoint),
            ("Postmaster status", postgres?.Status ?? LocalPostgres.NotRunning),
        ];
        foreach (var (title, value) in lines)
        {
            context.Print($"{title + ":",-22} {value}");
        }
    }
}
