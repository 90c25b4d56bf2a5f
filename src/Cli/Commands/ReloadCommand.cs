using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>reload</c></summary>
internal static class ReloadCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("reload") { pgData };
        command.SetAction(parsed =>
        {
            var paths = LocalNode.FindPaths(parsed.GetValue(pgData), context);
            var service = RunningService.Require(paths);
            service.Send(Signal.Reload);
            return ExitCode.Ok;
        });
        return command;
    }
}
