using System.Net;
using System.Net.Sockets;

namespace PgAutoFailover.Postgres.Discovery;

/// <summary>Under which address and name other nodes may reach this machine.</summary>
public static class OwnAddress
{
    /// <summary>
    /// The address that this machine has on the way to <paramref name="host"/>; null where there is no way. Connecting a datagram
    /// socket only chooses the way: nothing is sent.
    /// </summary>
    public static async Task<IPAddress?> TowardsAsync(string host, int port, CancellationToken cancellationToken)
    {
        foreach (var address in await HostNames.AddressesOfAsync(host, cancellationToken))
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                if (socket.LocalEndPoint is IPEndPoint local)
                {
                    return local.Address;
                }
            }
            catch (SocketException)
            {
                // No way to this one: a host with addresses of both families may be reached by the other.
            }
        }

        return null;
    }

    /// <summary>A name for an address of this machine that others can use: one that resolves to it; else the address itself.</summary>
    public static async Task<string> NameOfAsync(IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            var name = (await Dns.GetHostEntryAsync(address.ToString(), cancellationToken)).HostName;
            var forward = await Dns.GetHostAddressesAsync(name, cancellationToken);
            return forward.Contains(address) ? name : address.ToString();
        }
        catch (SocketException)
        {
            return address.ToString();
        }
    }

    /// <summary>
    /// The networks of the interfaces that have this host's addresses, as CIDRs: of a name with an address of each family, both. None where
    /// no interface has them. The loopback counts only where the host is nothing else, as Debian has a machine's own name in <c>/etc/hosts</c>.
    /// </summary>
    public static async Task<IReadOnlyList<string>> NetworksOfAsync(string host, CancellationToken cancellationToken)
    {
        var own = await FindAsync(host, cancellationToken);
        var others = own.Where(a => a.IsForOthers).ToList();
        return [.. (others.Count > 0 ? others : own).Select(a => a.Network).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The address of this machine that a host name, or an address itself, stands for; null where it is another machine's.</summary>
    public static async Task<IPAddress?> NamedAsync(string host, CancellationToken cancellationToken) =>
        await FindAsync(host, cancellationToken) is [var first, ..] ? first.Address : null;

    private static async Task<IReadOnlyList<InterfaceAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await HostNames.AddressesOfAsync(host, cancellationToken);
        var own = InterfaceAddress.ReadAll();
        return [.. addresses.SelectMany(a => own.Where(o => o.Address.Equals(a)).Take(1))];
    }
}
