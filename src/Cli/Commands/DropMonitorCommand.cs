using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>drop monitor</c></summary>
internal static class DropMonitorCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var destroy = NewOption.Flag("--destroy", "-d", "remove the data directory and the configuration too");
        var command = new Command("monitor") { pgData, destroy };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            if (!local.Config.IsMonitor)
            {
                throw new CommandFailure(
                    ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is not a monitor", "\"pg_autoctl drop node\" drops a node");
            }

            var removal = new NodeRemoval(local, context);
            await removal.StopServiceAsync(byItself: TimeSpan.Zero, cancellationToken);
            if (parsed.GetValue(destroy))
            {
                await removal.StopPostgresAsync(cancellationToken);
                removal.Destroy();
            }
            else
            {
                context.Log.FilesKept(local.Paths.PgData, local.Paths.ConfigFile);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
