using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Demo;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do demo ping</c>: connects once as the demonstration's clients do</summary>
internal static class DoDemoPingCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("ping");
        var options = new DemoOptions(command, asksForFailovers: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var database = await options.Resolve(parsed, context).FindDatabaseAsync(context, cancellationToken);
            await using var session = await database.ConnectAsync(RetryPolicy.Usual, RetryPolicy.Patience, cancellationToken);
            context.Log.ApplicationConnected(session.Connection.Host ?? "", session.Connection.Port, session.Elapsed.TotalMilliseconds, session.Retries);
            return ExitCode.Ok;
        });
        return command;
    }
}
