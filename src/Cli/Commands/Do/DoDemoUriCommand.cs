using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Demo;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do demo uri</c>: the connection string that the demonstration's clients use</summary>
internal static class DoDemoUriCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("uri");
        var options = new DemoOptions(command, asksForFailovers: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            context.Print(await options.Resolve(parsed, context).ReadUriAsync(context, cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }
}
