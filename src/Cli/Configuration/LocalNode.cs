using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Configuration;

/// <summary>The data directory that a command speaks of, its files, and its configuration.</summary>
internal sealed record LocalNode(ConfigPaths Paths, NodeConfig Config)
{
    /// <summary>The data directory of the option, else of PGDATA.</summary>
    /// <exception cref="CommandFailure">Neither is given.</exception>
    public static ConfigPaths FindPaths(string? pgdata, CommandContext context) =>
        (pgdata ?? context.Variable("PGDATA")) is { Length: > 0 } directory
            ? ConfigPaths.For(directory, context.Environment)
            : throw CommandFailure.BadArguments("No data directory is given", "Use --pgdata, or set PGDATA");

    /// <summary>Finds and reads the configuration.</summary>
    /// <exception cref="CommandFailure">There is none, or it cannot be used.</exception>
    public static LocalNode Load(string? pgdata, CommandContext context)
    {
        var paths = FindPaths(pgdata, context);
        return File.Exists(paths.ConfigFile)
            ? new LocalNode(paths, NodeConfig.Read(paths.ConfigFile))
            : throw NotConfigured(paths);
    }

    public static CommandFailure NotConfigured(ConfigPaths paths) => CommandFailure.BadArguments(
        $"Configuration file \"{paths.ConfigFile}\" does not exist",
        $"Check the data directory \"{paths.PgData}\": pg_autoctl has not created a node there");
}
