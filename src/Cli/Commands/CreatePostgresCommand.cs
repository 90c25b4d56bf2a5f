using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands;

internal static class CreatePostgresCommand
{
    public static Command Create(CommandContext context) => context is null ? throw new NotSupportedException() : new("CreatePostgres");
}
