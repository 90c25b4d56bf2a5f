using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands;

internal static class SetNodeMetadataCommand
{
    public static Command Create(CommandContext context) => new("SetNodeMetadata");
}
