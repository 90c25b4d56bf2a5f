using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>stop</c></summary>
internal static class StopCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var fast = NewOption.Flag("--fast", "-f", "do not wait for what the service is about");
        var immediate = NewOption.Flag("--immediate", "-i", "stop PostgreSQL at once; it recovers at its next start");
        var command = new Command("stop") { pgData, fast, immediate };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(fast) && parsed.GetValue(immediate))
            {
                throw CommandFailure.BadArguments("Options --fast and --immediate exclude each other");
            }

            var paths = LocalNode.FindPaths(parsed.GetValue(pgData), context);
            var service = RunningService.Require(paths);
            service.Send(
                parsed.GetValue(immediate) ? Signal.StopImmediate
                : parsed.GetValue(fast) ? Signal.StopFast
                : Signal.Stop);
            return ExitCode.Ok;
        });
        return command;
    }
}
