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
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            foreach (var address in addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1))
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
            // No way to it, or no such name.
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
    public static async Task<string?> NetworkOfAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }

        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).ToList();
        return addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .Select(a => own.Find(u => u.Address.Equals(a))).OfType<UnicastIPAddressInformation>()
            .Select(u => Network(u.Address, u.PrefixLength)).FirstOrDefault();
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
