using System.Net;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>Host names that have to be this machine's.</summary>
internal static class OwnHostName
{
    /// <exception cref="CommandFailure">It does not resolve, or to other machines only.</exception>
    public static async Task<IPAddress> RequireAddressAsync(string host, CommandContext context, CancellationToken cancellationToken)
    {
        var addresses = await HostNames.AddressesOfAsync(host, cancellationToken);
        foreach (var address in addresses)
        {
            context.Log.HostHasAddress(host, address.ToString());
        }

        return await OwnAddress.NamedAsync(host, cancellationToken) ?? throw new CommandFailure(
            ExitCode.Internal,
            addresses.Count == 0 ? $"Host name \"{host}\" does not resolve" : $"Host name \"{host}\" resolves to {string.Join(", ", addresses)}: no address of this machine",
            "Correct it in the DNS or in /etc/hosts, or give another name or an address with --hostname where a command needs it");
    }
}
