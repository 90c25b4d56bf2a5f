using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux clean</c>: stops the services of a session, ends it, and removes its directory</summary>
internal static class DoTmuxCleanCommand
{
    public static Command Create(CommandContext context)
    {
        var (root, port, nodes) = (SessionPlace.RootOption(), SessionPlace.PortOption(), SessionPlace.IgnoredNodesOption());
        var command = new Command("clean") { root, port, nodes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await TmuxSession.CleanAsync(SessionPlace.Of(parsed.GetValue(root), parsed.GetValue(port)), context, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
