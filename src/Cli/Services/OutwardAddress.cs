using System.Net;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// By which address others reach this machine, where nobody said who they are: by the one that it has on the way to the outside world, and on a
/// network that has no such way by the one that it has there.
/// </summary>
internal static class OutwardAddress
{
    // Addresses of a public name server, to which routers send what is not their own network's. Nothing is sent: only our own address
    // on that way is looked at.
    private static readonly HostAndPort[] s_outside = [new("8.8.8.8", 53), new("2001:4860:4860::8888", 53)];

    /// <exception cref="CommandFailure">There is no network but the loopback, or several, of which none is more likely than the others.</exception>
    public static async Task<IPAddress> FindAsync(CommandContext context, CancellationToken cancellationToken)
    {
        foreach (var outside in s_outside)
        {
            context.Log.ConnectingTo(outside.Host, outside.Port);
            if (await OwnAddress.TowardsAsync(outside.Host, outside.Port, cancellationToken) is { } address)
            {
                return address;
            }
        }

        switch (InterfaceAddress.ChooseFrom(InterfaceAddress.ReadAll()))
        {
            case [var only]:
                context.Log.AddressOfOnlyNetwork(only.Address.ToString(), only.Interface);
                return only.Address;
            case []:
                throw CommandFailure.BadArguments(
                    "Found no address by which other nodes could reach this one: no network interface but the loopback has one",
                    "Give this machine's name or address with --hostname");
            case var several:
                throw CommandFailure.BadArguments(
                    $"This machine has several addresses, and nothing tells by which one other nodes reach it: {string.Join(", ", several)}",
                    "Give one of them, or a name, with --hostname");
        }
    }
}
