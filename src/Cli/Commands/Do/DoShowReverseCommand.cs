using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do show reverse</c></summary>
internal static class DoShowReverseCommand
{
    public static Command Create(CommandContext context)
    {
        var host = new Argument<string>("host");
        var command = new Command("reverse") { host };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(host)!; // required
            var addresses = await HostNames.AddressesOfAsync(name, cancellationToken);
            if (addresses.Count == 0)
            {
                throw new CommandFailure(ExitCode.Internal, $"Host name \"{name}\" does not resolve", "Correct it in the DNS or in /etc/hosts");
            }

            if (await HostNames.ResolvingBackAsync(name, addresses, cancellationToken) is [var both, ..])
            {
                context.Log.ResolvesBothWays(name, both.ToString());
                return ExitCode.Ok;
            }

            context.Log.AddressInstead(addresses[0].ToString());
            throw new CommandFailure(
                ExitCode.Internal,
                $"No address of host name \"{name}\" resolves back to that name: {string.Join(", ", addresses)}",
                "An HBA rule with this name would let nobody in; correct the reverse lookup, or use the address");
        });
        return command;
    }
}
