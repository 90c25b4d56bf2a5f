using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace PgAutoFailover.Postgres.Discovery;

/// <summary>An address of one of this machine's interfaces, and what decides whether others reach the machine by it.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="PrefixLength">How many bits of the address are its network's.</param>
/// <param name="HasGateway">Some route leads through this interface to another network.</param>
public readonly record struct InterfaceAddress(string Interface, IPAddress Address, int PrefixLength, bool HasGateway)
{
    /// <summary>All addresses of the interfaces that are not down, each interface's in the kernel's order: its main address before others.</summary>
    public static IReadOnlyList<InterfaceAddress> ReadAll() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus != OperationalStatus.Down).SelectMany(i =>
        {
            var properties = i.GetIPProperties();
            var hasGateway = properties.GatewayAddresses.Count > 0;
            return properties.UnicastAddresses.Select(a => new InterfaceAddress(i.Name, a.Address, a.PrefixLength, hasGateway));
        }),
    ];

    /// <summary>
    /// By which address others reach a machine that has no way to the outside world: of an interface with a gateway if there is one, of any
    /// interface if not; of an interface's addresses the first, IPv4 before IPv6.
    /// </summary>
    /// <returns>One for each interface: none when there is no way to other machines at all, several when nothing tells which is meant.</returns>
    public static IReadOnlyList<InterfaceAddress> ChooseFrom(IEnumerable<InterfaceAddress> all)
    {
        var reachable = all.Where(a => a.IsForOthers).ToList();
        var routed = reachable.Where(a => a.HasGateway).ToList();
        return
        [
            .. (routed.Count > 0 ? routed : reachable).GroupBy(a => a.Interface, StringComparer.Ordinal)
                .Select(g => g.OrderBy(a => a.Address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First()),
        ];
    }

    /// <summary>The address's network, as a CIDR.</summary>
    public string Network
    {
        get
        {
            var bytes = Address.GetAddressBytes();
            for (var bit = PrefixLength; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            }

            return $"{new IPAddress(bytes)}/{PrefixLength}";
        }
    }

    /// <summary>Neither the loopback nor an address that means a host only together with an interface, as 169.254.0.0/16 and fe80::/10 do.</summary>
    public bool IsForOthers => !IPAddress.IsLoopback(Address) && !Address.IsIPv6LinkLocal && !IsIPv4LinkLocal;

    private bool IsIPv4LinkLocal => Address.AddressFamily == AddressFamily.InterNetwork && Address.GetAddressBytes() is [169, 254, ..];

    public override string ToString() => $"{Address} ({Interface})";
}
