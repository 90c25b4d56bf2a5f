using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux compose script</c>: the script of a session with containers, without making one</summary>
internal static class DoTmuxComposeScriptCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("script");
        var options = new SessionOptions(command);
        command.SetAction(parsed =>
        {
            context.Out.Write(TmuxScript.OfContainers(options.Plan(parsed), ComposeProgram.CommandLine(context), SessionUser.Of(context)));
            return ExitCode.Ok;
        });
        return command;
    }
}
