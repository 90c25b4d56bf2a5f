using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm gv</c></summary>
internal static class DoFsmGvCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("gv");
        command.SetAction(_ =>
        {
            TransitionGraph.Write(context.Out);
            return ExitCode.Ok;
        });
        return command;
    }
}
