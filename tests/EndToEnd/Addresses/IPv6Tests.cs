using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Addresses;

/// <summary>Monitor and nodes were told no host name, on a network that leads nowhere: each had to find its address out.</summary>
[Collection(nameof(IPv6Pair))]
public sealed class IPv6Tests(IPv6Pair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task The_roles_are_exchanged_and_addresses_stand_in_brackets_wherever_a_port_follows()
    {
        TestNode old = Cluster.Primary, other = Cluster.OtherThan(old);
        CommandResult result = await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token);
        result.Succeeded();
        await UntilServedByAsync(other);
        await ShouldBeWholeAgainAsync();

        Cluster.Primary.ShouldBe(other);
        await Cluster.UntilAsync("the monitor's health checks reach both nodes", AreBothHealthyAsync, Token);
        Cluster.MonitorUri.ShouldStartWith($"postgres://autoctl_node@{HostAndPort(Cluster.Monitor)}/pg_auto_failover");
        (await ShowAsync("uri", "--formation", "default")).ShouldStartWith(
            $"postgres://{HostAndPort(Cluster.Nodes[0])},{HostAndPort(Cluster.Nodes[1])}/postgres?");
        string state = await ShowAsync("state"), events = await ShowAsync("events");
        foreach (TestNode node in Cluster.Nodes)
        {
            state.ShouldContain(HostAndPort(node));
            events.ShouldContain($"({HostAndPort(node)})");
        }

        (await Cluster.ScalarAsync(old, "show primary_conninfo", Token)).ShouldBeOfType<string>().ShouldContain($"host={other.Host.Address} port={other.Port}");
        (await File.ReadAllTextAsync(Path.Combine(other.DataDirectory, "pg_hba.conf"), Token))
            .ShouldContain($"host replication \"pgautofailover_replicator\" {old.Host.Address}/128 trust");
    }

    [Fact]
    public Task Applications_of_the_local_network_are_let_in_and_those_of_another_are_not() =>
        LocalNetwork.ShouldBeLetInAloneAsync(Cluster, Cluster.Primary, Token);

    [Fact]
    public async Task A_host_knows_its_address_on_a_network_without_a_way_out_and_one_without_a_network_asks_for_it()
    {
        TestHost client = Cluster.Network.Client, hermit = Cluster.Links.Hermit;
        (await DoShowAsync(client, "ipaddr")).Succeeded().Output.ShouldBe(client.Address + "\n");
        (await DoShowAsync(client, "cidr")).Succeeded().Output.ShouldBe("fd00:231:78::/64\n");

        string directory = Cluster.Files.Under("hermit");
        CommandResult creation = await Cluster.ExecuteAsync(
            hermit,
            [Binaries.PgAutoctl, "create", "monitor", "--auth", "trust", "--no-ssl", "--pgdata", directory, "--pgctl", Binaries.Postgres("pg_ctl")],
            Token);
        foreach (CommandResult refused in (CommandResult[])[await DoShowAsync(hermit, "ipaddr"), creation])
        {
            refused.ExitCode.ShouldBe(ExitCodes.BadArguments);
            refused.Error.ShouldContain("no network interface but the loopback has one");
            refused.Error.ShouldContain("--hostname");
        }

        Directory.Exists(directory).ShouldBeFalse();
    }

    private static string HostAndPort(TestNode node) => FormattableString.Invariant($"[{node.Host.Address}]:{node.Port}");

    private async Task<bool> AreBothHealthyAsync() =>
        await Cluster.ScalarAsync(Cluster.Monitor, "select count(*) from pgautofailover.node where health = 1", Token) is 2L;

    private async Task<string> ShowAsync(params string[] what)
    {
        CommandResult answer = await Cluster.Monitor.AutoctlAsync(["show", .. what], Token);
        return answer.Succeeded().Output;
    }

    private Task<CommandResult> DoShowAsync(TestHost host, string what) =>
        Cluster.ExecuteAsync(host, ["env", "PG_AUTOCTL_DEBUG=1", Binaries.PgAutoctl, "do", "show", what], Token);
}
