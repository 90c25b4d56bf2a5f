using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm state</c></summary>
internal static class DoFsmStateCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Flag("--json", "-J", "accepted as in 2.0; JSON is printed in any case");
        var command = new Command("state") { pgData, json };
        command.SetAction(parsed =>
        {
            context.Print(PrettyJson.Format(FsmStateJson.Of(LocalKeeper.Load(parsed.GetValue(pgData), context))));
            return ExitCode.Ok;
        });
        return command;
    }
}
