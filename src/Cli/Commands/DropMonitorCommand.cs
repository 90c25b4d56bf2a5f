using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands;

internal static class DropMonitorCommand
{
    public static Command Create(CommandContext context) => new("DropMonitor");
}
