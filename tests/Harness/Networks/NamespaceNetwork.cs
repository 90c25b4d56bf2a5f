using System.Globalization;
using System.Net.Sockets;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.Harness.Networks;

/// <summary>
/// One network namespace per host, joined by a bridge that itself lives in a namespace: the machine's own network is neither used nor
/// changed. Needs root.
/// </summary>
public sealed class NamespaceNetwork : TestNetwork
{
    private static int s_last;

    private readonly string _tag = string.Create(
        CultureInfo.InvariantCulture, $"pgaf{Environment.ProcessId}x{Interlocked.Increment(ref s_last)}");

    private readonly List<TestHost> _nodes = [];
    private readonly List<string> _namespaces = [];

    // The network's, and another one whose hosts can be reached from there.
    private readonly (string Prefix, int Length) _subnet;
    private readonly (string Prefix, int Length) _foreign;

    private NamespaceNetwork(AddressFamily family) => (_subnet, _foreign) = family == AddressFamily.InterNetworkV6
        ? (("fd00:231:78::", 64), ("fd00:231:79::", 64))
        : (("10.231.78.", 24), ("10.231.79.", 24));

    /// <summary>Why it cannot be used here, or null if it can.</summary>
    public static string? Unavailable =>
        !Account.IsRoot ? "network namespaces need root"
        : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") && !File.Exists("/usr/bin/ip") ? "network namespaces need the command ip (iproute2)"
        : null;

    public override TestHost Monitor => _monitor ?? throw new InvalidOperationException("the network has not been made");

    public override TestHost Client => _client ?? throw new InvalidOperationException("the network has not been made");

    /// <summary>A host of another network, to and from which there is a way.</summary>
    public TestHost Stranger => _stranger ?? throw new InvalidOperationException("the network has not been made");

    /// <summary>A host without any cable: it has its loopback alone.</summary>
    public TestHost Hermit => new("hermit", "localhost", Bridge);

    private TestHost? _monitor;
    private TestHost? _client;
    private TestHost? _stranger;

    private string Bridge => _tag + "b";

    public static async Task<NamespaceNetwork> CreateAsync(int nodes, AddressFamily family, CancellationToken cancellationToken)
    {
        var network = new NamespaceNetwork(family);
        try
        {
            await network.AddNamespaceAsync(network.Bridge, cancellationToken);
            await IpAsync(cancellationToken, "-n", network.Bridge, "link", "add", "br0", "type", "bridge");
            await IpAsync(cancellationToken, "-n", network.Bridge, "link", "set", "br0", "up");
            network._monitor = await network.AddHostAsync("m", 2, cancellationToken);
            network._client = await network.AddHostAsync("c", 3, cancellationToken);
            network._stranger = await network.AddHostAsync("s", network._foreign, network._subnet, 4, cancellationToken);
            for (int i = 1; i <= nodes; i++)
            {
                network._nodes.Add(await network.AddHostAsync("n" + i.ToString(CultureInfo.InvariantCulture), 10 + i, cancellationToken));
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public override TestHost Node(int number) => _nodes[number - 1];

    /// <summary>Pulls the cable of a host: its interface sees no carrier.</summary>
    public Task UnplugAsync(TestHost host, CancellationToken cancellationToken) =>
        IpAsync(cancellationToken, "-n", Bridge, "link", "set", "p" + host.Name, "down");

    public Task PlugInAsync(TestHost host, CancellationToken cancellationToken) =>
        IpAsync(cancellationToken, "-n", Bridge, "link", "set", "p" + host.Name, "up");

    /// <summary>
    /// Packets from one host to the other vanish; the other direction still works. A neighbour entry with a hardware address that nobody
    /// has makes them silently disappear on the bridge, where a blackhole route would tell the sender.
    /// </summary>
    public static Task SwallowAsync(TestHost from, TestHost to, CancellationToken cancellationToken) =>
        IpAsync(cancellationToken, "-n", Namespace(from), "neigh", "replace", to.Address, "lladdr", "02:00:00:00:00:ee", "dev", "eth0", "nud", "permanent");

    public static Task StopSwallowingAsync(TestHost from, TestHost to, CancellationToken cancellationToken) =>
        IpAsync(cancellationToken, "-n", Namespace(from), "neigh", "del", to.Address, "dev", "eth0");

    /// <summary>Both directions vanish.</summary>
    public static async Task CutAsync(TestHost one, TestHost other, CancellationToken cancellationToken)
    {
        await SwallowAsync(one, other, cancellationToken);
        await SwallowAsync(other, one, cancellationToken);
    }

    public static async Task MendAsync(TestHost one, TestHost other, CancellationToken cancellationToken)
    {
        await StopSwallowingAsync(one, other, cancellationToken);
        await StopSwallowingAsync(other, one, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (string name in _namespaces)
        {
            await TryIpAsync(CancellationToken.None, "netns", "del", name);
        }
    }

    private static string Namespace(TestHost host) =>
        host.Namespace ?? throw new InvalidOperationException($"{host.Name} is not a host of a namespace network");

    private Task<TestHost> AddHostAsync(string name, int number, CancellationToken cancellationToken) =>
        AddHostAsync(name, _subnet, _foreign, number, cancellationToken);

    // The other network is on the same bridge: no router is needed, and no host has a way to anywhere else.
    private async Task<TestHost> AddHostAsync(
        string name, (string Prefix, int Length) own, (string Prefix, int Length) other, int number, CancellationToken cancellationToken)
    {
        string ns = _tag + name, address = own.Prefix + number.ToString(CultureInfo.InvariantCulture), port = "p" + name;
        await AddNamespaceAsync(ns, cancellationToken);
        await IpAsync(cancellationToken, "link", "add", port, "netns", Bridge, "type", "veth", "peer", "name", "eth0", "netns", ns);
        await IpAsync(cancellationToken, "-n", Bridge, "link", "set", port, "master", "br0", "up");
        string[] withoutProbing = address.Contains(':', StringComparison.Ordinal) ? ["nodad"] : [];
        await IpAsync(cancellationToken, ["-n", ns, "addr", "add", Cidr(address, own.Length), "dev", "eth0", .. withoutProbing]);
        await IpAsync(cancellationToken, "-n", ns, "link", "set", "eth0", "up");
        await IpAsync(cancellationToken, "-n", ns, "route", "add", Cidr(other.Prefix + (other.Length == 64 ? "" : "0"), other.Length), "dev", "eth0");
        return new TestHost(name, address, ns);
    }

    private async Task AddNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        await IpAsync(cancellationToken, "netns", "add", name);
        _namespaces.Add(name);
        await IpAsync(cancellationToken, "-n", name, "link", "set", "lo", "up");
    }

    private static async Task IpAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await TryIpAsync(cancellationToken, arguments)).Succeeded();

    private static string Cidr(string address, int length) => string.Create(CultureInfo.InvariantCulture, $"{address}/{length}");

    private static Task<CommandResult> TryIpAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Command.RunAsync(["ip", .. arguments], environment: null, directory: null, TimeSpan.FromSeconds(10), cancellationToken);
}
