using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux session</c>: a session with a cluster in it</summary>
internal static class DoTmuxSessionCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("session");
        var options = new SessionOptions(command);
        command.SetAction((parsed, cancellationToken) => TmuxSession.RunAsync(options.Plan(parsed), context, cancellationToken));
        return command;
    }
}
