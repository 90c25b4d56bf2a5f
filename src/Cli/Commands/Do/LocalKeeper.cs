using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>The data directory of a command that makes sense for a node and not for a monitor.</summary>
internal static class LocalKeeper
{
    /// <exception cref="CommandFailure">There is no configuration, or it is a monitor's.</exception>
    public static LocalNode Load(string? pgdata, CommandContext context)
    {
        var local = LocalNode.Load(pgdata, context);
        return local.Config.IsMonitor
            ? throw new CommandFailure(ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is a monitor; this command is for a node")
            : local;
    }
}
