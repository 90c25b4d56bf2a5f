using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do show cidr</c></summary>
internal static class DoShowCidrCommand
{
    public static Command Create(CommandContext context)
    {
        var host = WayOut.NewArgument();
        var command = new Command("cidr") { host };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var address = (await WayOut.FindAddressAsync(parsed.GetValue(host), context, cancellationToken)).ToString();
            context.Print(await OwnAddress.NetworksOfAsync(address, cancellationToken) is [var network, ..]
                ? network
                : throw new CommandFailure(ExitCode.Internal, $"No network interface has the address {address}", "Write the HBA rules yourself, and use --skip-pg-hba"));
            return ExitCode.Ok;
        });
        return command;
    }
}
