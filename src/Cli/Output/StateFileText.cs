using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Output;

internal static class StateFileText
{
    public static void Write(string path, bool json, CommandContext context) => throw new NotSupportedException();
}
