using System.CommandLine;
using System.Globalization;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do service getpid</c></summary>
internal static class DoServiceGetPidCommand
{
    public static Command Create(string service, CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command(service) { pgData };
        command.SetAction(parsed =>
        {
            var (_, pid) = NamedService.Find(LocalNode.FindPaths(parsed.GetValue(pgData), context), service);
            context.Print(pid.ToString(CultureInfo.InvariantCulture));
            return ExitCode.Ok;
        });
        return command;
    }
}
