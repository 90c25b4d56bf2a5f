using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Tmux;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do tmux compose config</c>: the definition of a cluster in containers</summary>
internal static class DoTmuxComposeConfigCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("config");
        var options = new SessionOptions(command);
        command.SetAction(parsed =>
        {
            context.Out.Write(ComposeFile.Of(options.Plan(parsed), ContainerImage.FindBuildContext()));
            return ExitCode.Ok;
        });
        return command;
    }
}
