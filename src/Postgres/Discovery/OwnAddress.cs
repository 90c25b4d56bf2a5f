using System.Net;
using System.Net.NetworkInformation;
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
        try
        {
            foreach (var address in await HostNames.AddressesOfAsync(host, cancellationToken))
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
                if (socket.LocalEndPoint is IPEndPoint local)
                {
                    return local.Address;
                }
            }
        }
        catch (SocketException)
        {
            // No way to it.
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

    /// <summary>The network of the interface that has this host's address, as a CIDR; null where no interface has it.</summary>
    public static async Task<string?> NetworkOfAsync(string host, CancellationToken cancellationToken) =>
        await FindAsync(host, cancellationToken) is { } own ? Network(own.Address, own.PrefixLength) : null;

    /// <summary>The address of this machine that a host name, or an address itself, stands for; null where it is another machine's.</summary>
    public static async Task<IPAddress?> NamedAsync(string host, CancellationToken cancellationToken) =>
        (await FindAsync(host, cancellationToken))?.Address;

    private static async Task<UnicastIPAddressInformation?> FindAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await HostNames.AddressesOfAsync(host, cancellationToken);
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).ToList();
        return addresses.Select(a => own.Find(u => u.Address.Equals(a))).OfType<UnicastIPAddressInformation>().FirstOrDefault();
    }

    internal static string Network(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bytes)}/{prefixLength}";
    }
}
