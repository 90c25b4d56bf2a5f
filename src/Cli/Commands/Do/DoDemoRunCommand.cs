using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Demo;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do demo run</c>: clients that connect and write while failovers happen</summary>
internal static class DoDemoRunCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("run");
        var options = new DemoOptions(command, asksForFailovers: true);
        command.SetAction((parsed, cancellationToken) =>
            DemoRun.RunAsync(options.Resolve(parsed, context), options.Settings(parsed, context), context, cancellationToken));
        return command;
    }
}
