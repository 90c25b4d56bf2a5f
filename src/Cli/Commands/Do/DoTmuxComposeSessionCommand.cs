using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux compose session</c>: a session with a cluster in containers</summary>
internal static class DoTmuxComposeSessionCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("session");
        var options = new SessionOptions(command);
        command.SetAction((parsed, cancellationToken) => ComposeSession.RunAsync(options.Plan(parsed), context, cancellationToken));
        return command;
    }
}
