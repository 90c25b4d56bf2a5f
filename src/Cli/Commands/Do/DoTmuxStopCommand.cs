using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux stop</c>: stops the services of a session</summary>
internal static class DoTmuxStopCommand
{
    public static Command Create(CommandContext context)
    {
        var (root, port, nodes) = (SessionPlace.RootOption(), SessionPlace.PortOption(), SessionPlace.IgnoredNodesOption());
        var command = new Command("stop") { root, port, nodes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await new SessionProcesses(SessionPlace.Of(parsed.GetValue(root), parsed.GetValue(port)), context).StopAsync(cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
