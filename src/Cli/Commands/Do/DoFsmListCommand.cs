using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm list</c></summary>
internal static class DoFsmListCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("list") { pgData };
        command.SetAction(parsed =>
        {
            var local = LocalKeeper.Load(parsed.GetValue(pgData), context);
            ReachableStates.Write(context.Out, StateFileText.Load(local.Paths.StateFile).CurrentRole);
            return ExitCode.Ok;
        });
        return command;
    }
}
