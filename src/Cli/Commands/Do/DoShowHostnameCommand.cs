using System.CommandLine;
using System.Net;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>
/// <c>do show hostname</c>: of a monitor's URI, the name that a <c>create</c> would find out by it; of a name, or of the machine's own, that
/// name where it is an address of this machine.
/// </summary>
internal static class DoShowHostnameCommand
{
    public static Command Create(CommandContext context)
    {
        var host = new Argument<string?>("host") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("hostname") { host };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var given = parsed.GetValue(host) ?? Dns.GetHostName();
            if (given.Contains("://", StringComparison.Ordinal))
            {
                MonitorUri.Check(given);
                var address = await WayOut.FindAddressAsync(ConnectionUri.Parse(given).Hosts[0].Host, context, cancellationToken);
                context.Print(await OwnAddress.NameOfAsync(address, cancellationToken));
            }
            else
            {
                await OwnHostName.RequireAddressAsync(given, context, cancellationToken);
                context.Print(given);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
