using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux script</c>: the script of a session, without making one</summary>
internal static class DoTmuxScriptCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("script");
        var options = new SessionOptions(command);
        command.SetAction(parsed =>
        {
            context.Out.Write(TmuxScript.Of(options.Plan(parsed), SessionUser.Of(context)));
            return ExitCode.Ok;
        });
        return command;
    }
}
