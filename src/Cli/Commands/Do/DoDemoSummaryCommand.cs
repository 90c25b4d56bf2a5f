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
            var settings = options.Settings(parsed, context);
            var database = await options.Resolve(parsed, context).FindDatabaseAsync(context, cancellationToken);
            var times = await database.ReadTimesAsync(cancellationToken);
            context.Log.DemoSummary(settings.Clients, (int)settings.Duration.TotalSeconds);
            DemoReport.Write(context.Out, times);
            return ExitCode.Ok;
        });
        return command;
    }
}
