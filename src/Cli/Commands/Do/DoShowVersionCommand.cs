using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do show version</c>: what a keeper would find out about the program on disk.</summary>
internal static class DoShowVersionCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("version");
        command.SetAction(_ =>
        {
            context.Log.ProgramVersionIs(ProgramVersion.Text);
            context.Log.ExtensionVersionIs(ProgramVersion.Extension);
            return ExitCode.Ok;
        });
        return command;
    }
}
