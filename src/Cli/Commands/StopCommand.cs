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
        var fast = NewOption.Flag("--fast", "-f", "accepted as in 2.0; same as without: PostgreSQL is stopped fast, which ends its sessions and writes a last checkpoint");
        var immediate = NewOption.Flag("--immediate", "-i", "stop PostgreSQL at once; it recovers at its next start");
        var kill = NewOption.Flag("--sigkill", null, "kill the service and PostgreSQL, as a crash of the machine would");
        kill.Hidden = !context.IsDebug;
        var command = new Command("stop") { pgData, fast, immediate, kill };
        command.SetAction(parsed =>
        {
            if (((Option<bool>[])[fast, immediate, kill]).Count(parsed.GetValue) > 1)
            {
                throw CommandFailure.BadArguments("Options --fast, --immediate and --sigkill exclude each other");
            }

            if (parsed.GetValue(kill) && !context.IsDebug)
            {
                throw CommandFailure.BadArguments("Option --sigkill is for debugging, and not available as things are", "Set PG_AUTOCTL_DEBUG=1 in the environment to have it");
            }

            var paths = LocalNode.FindPaths(parsed.GetValue(pgData), context);
            var service = RunningService.Require(paths);
            if (parsed.GetValue(kill))
            {
                Kill(service, paths);
                return ExitCode.Ok;
            }

            service.Send(
                parsed.GetValue(immediate) ? Signal.StopImmediate
                : parsed.GetValue(fast) ? Signal.StopFast
                : Signal.Stop);
            return ExitCode.Ok;
        });
        return command;
    }

    // The service first: it would start the other again.
    private static void Kill(RunningService service, ConfigPaths paths)
    {
        service.Send(Signal.Kill);
        if (LocalPostgres.Read(paths.PgData) is { } postgres)
        {
            Signals.Send(postgres.Pid, Signal.Kill);
        }
    }
}
