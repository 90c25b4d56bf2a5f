using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do show ipaddr</c></summary>
internal static class DoShowIpaddrCommand
{
    public static Command Create(CommandContext context)
    {
        var host = WayOut.NewArgument();
        var command = new Command("ipaddr") { host };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            context.Print((await WayOut.FindAddressAsync(parsed.GetValue(host), context, cancellationToken)).ToString());
            return ExitCode.Ok;
        });
        return command;
    }
}
