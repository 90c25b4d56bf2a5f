using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Demo;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do demo summary</c>: what the latest run has measured</summary>
internal static class DoDemoSummaryCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("summary");
        var options = new DemoOptions(command, asksForFailovers: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            _ = options.Settings(parsed, context); // what cannot be is refused; nothing else depends on it
            var database = await options.Resolve(parsed, context).FindDatabaseAsync(context, cancellationToken);
            var times = await database.ReadTimesAsync(cancellationToken);
            context.Log.DemoSummaryOfLatest(times.Select(t => t.Client).Distinct().Count());
            DemoReport.Write(context.Out, times);
            return ExitCode.Ok;
        });
        return command;
    }
}
