using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Output;

/// <summary>A node as its own files show it.</summary>
internal static class LocalState
{
    public static void Write(LocalNode local, bool json, CommandContext context) => throw new NotSupportedException();
}
