using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Postgres.Discovery;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>
/// A PostgreSQL of this machine, whether pg_autoctl has made it or not: with its configuration, or, where there is none, with what the data
/// directory and the environment say.
/// </summary>
internal static class AnyCluster
{
    /// <param name="pgdata">The option; null for PGDATA.</param>
    /// <param name="context">Its environment.</param>
    /// <param name="cancellationToken">Ends the search for pg_ctl.</param>
    /// <exception cref="CommandFailure">It is neither configured nor a data directory, or its configuration cannot be used.</exception>
    public static async Task<LocalNode> FindAsync(string? pgdata, CommandContext context, CancellationToken cancellationToken)
    {
        var paths = LocalNode.FindPaths(pgdata, context);
        return File.Exists(paths.ConfigFile)
            ? new LocalNode(paths, NodeConfig.Read(paths.ConfigFile))
            : new LocalNode(paths, await DescribeAsync(paths.PgData, context, cancellationToken));
    }

    /// <summary>A data directory that pg_autoctl does not know.</summary>
    public static bool IsForeign(LocalNode local) => !File.Exists(local.Paths.ConfigFile);

    /// <summary>For commands that change what a cluster is: a node of pg_autoctl is easily mistaken for none, in a shell that lacks its service's variables.</summary>
    /// <exception cref="CommandFailure">As above; or there is no configuration, and the data directory shows that there should be one.</exception>
    public static Task<LocalNode> FindToChangeAsync(string? pgdata, CommandContext context, CancellationToken cancellationToken)
    {
        var paths = LocalNode.FindPaths(pgdata, context);
        var file = Path.Join(paths.PgData, SettingsFile.Name);
        return File.Exists(paths.ConfigFile) || !File.Exists(file)
            ? FindAsync(pgdata, context, cancellationToken)
            : throw new CommandFailure(
                ExitCode.BadConfiguration,
                $"\"{paths.PgData}\" belongs to a node of pg_autoctl, for it has \"{file}\"; but there is no \"{paths.ConfigFile}\", which says whether a monitor decides here",
                "Use the HOME, XDG_CONFIG_HOME and XDG_DATA_HOME of the service of that node; a copy of which no monitor knows is for pg_ctl and pg_rewind themselves");
    }

    private static async Task<NodeConfig> DescribeAsync(string pgdata, CommandContext context, CancellationToken cancellationToken)
    {
        var pgCtl = await PgCtlSearch.FindForAsync(ReadMajorVersion(pgdata), context.Environment, cancellationToken);
        var port = LocalPostgres.Read(pgdata)?.Port.ToString(CultureInfo.InvariantCulture) ?? context.Variable("PGPORT");
        var config = NodeConfig.New(ConfigKeys.KeeperRole)
            .With(ConfigKeys.PgData, pgdata)
            .With(ConfigKeys.PgCtl, pgCtl)
            .With(ConfigKeys.HostName, "localhost")
            .With(ConfigKeys.Monitor, ConfigKeys.MonitorDisabled);
        return port is null ? config : config.With(ConfigKeys.Port, port);
    }

    private static int ReadMajorVersion(string pgdata)
    {
        var file = Path.Join(pgdata, "PG_VERSION");
        try
        {
            return int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                ? major
                : throw CommandFailure.BadArguments($"\"{file}\" does not hold PostgreSQL's major version");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.BadArguments(
                $"\"{pgdata}\" is neither a data directory of PostgreSQL nor configured: {exception.Message}",
                "Check --pgdata, and that you are the user to whom PostgreSQL belongs");
        }
    }
}
