using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands;

internal static class RunCommand
{
    public static Command Create(CommandContext context) => context is null ? throw new NotSupportedException() : new("Run");
}
