using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>The local node of a command that asks its monitor about it.</summary>
internal static class RegisteredKeeper
{
    /// <exception cref="CommandFailure">It is a monitor, has none, or was not registered.</exception>
    public static (MonitorTarget Target, KeeperState State) Load(string? pgdata, CommandContext context)
    {
        var local = LocalKeeper.Load(pgdata, context);
        return local.Config.MonitorUri is { } uri
            ? (new MonitorTarget(uri, local), StateFileText.Load(local.Paths.StateFile))
            : throw new CommandFailure(ExitCode.BadConfiguration, $"The node at \"{local.Paths.PgData}\" is run without a monitor");
    }
}
