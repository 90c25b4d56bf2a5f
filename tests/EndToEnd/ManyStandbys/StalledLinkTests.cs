using System.Globalization;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>
/// Packets between data nodes vanish while the monitor reaches everybody: nobody is lost, and yet a standby does not receive.
/// </summary>
[Collection(nameof(ImpatientQuartet))]
public sealed class StalledLinkTests(ImpatientQuartet quartet) : ClusterTest(quartet)
{
    [Fact]
    public async Task Links_to_the_standbys_that_writes_wait_for_stall_writes_go_on_and_the_standbys_are_taken_back_afterwards()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        TestNode near = standbys[0], nearToo = standbys[1], far = standbys[2];
        await SetQuorumAsync(far, false);
        await OnMonitorAsync("set", "node", "candidate-priority", "--name", far.Name, "0");
        await SetStallTimeoutAsync("4s");
        await Cluster.UntilSteadyAsync(Token);

        // One of two that writes wait for, any one of them.
        TimeSpan cut = Clock.Now;
        await NamespaceNetwork.CutAsync(primary.Host, near.Host, Token);
        await Cluster.UntilAsync(
            $"{near.Name} is not counted on", s => s.Node(near.Name)!.Goal == "catchingup" && s.Node(primary.Name)!.Is("primary"), Token);
        await UntilAnEventSaysAsync("as it has not received from");
        await UntilServedAsync();
        WriteGaps.Longest(Application.Acknowledged, cut, Clock.Now).ShouldBeLessThan(TimeSpan.FromSeconds(3));

        // And the other one. The far one goes on receiving, and nobody waits for it.
        await NamespaceNetwork.CutAsync(primary.Host, nearToo.Host, Token);
        await UntilSettledAsync(primary, "wait_primary");
        await UntilAnEventSaysAsync("as the standbys that it waits for are up and have not received from it");
        await UntilServedAsync();
        Cluster.States.Last.Node(far.Name)!.Is("secondary").ShouldBeTrue();

        // Both are taken back, and writes are held twice again.
        await NamespaceNetwork.MendAsync(primary.Host, near.Host, Token);
        await NamespaceNetwork.MendAsync(primary.Host, nearToo.Host, Token);
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
        await SetQuorumAsync(far, true);
        await OnMonitorAsync("set", "node", "candidate-priority", "--name", far.Name, "50");
        await SetStallTimeoutAsync("10s");
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task Links_to_every_standby_of_a_group_stall_and_the_primary_goes_on_alone_until_they_are_mended()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        await SetStallTimeoutAsync("4s");
        foreach (TestNode standby in standbys)
        {
            await NamespaceNetwork.CutAsync(primary.Host, standby.Host, Token);
        }

        await UntilSettledAsync(primary, "wait_primary");
        await UntilServedAsync();
        foreach (TestNode standby in standbys)
        {
            await NamespaceNetwork.MendAsync(primary.Host, standby.Host, Token);
        }

        await SetStallTimeoutAsync("10s");
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    private async Task SetQuorumAsync(TestNode node, bool quorum) =>
        await OnMonitorAsync("set", "node", "replication-quorum", "--name", node.Name, quorum.ToString(CultureInfo.InvariantCulture).ToLowerInvariant());

    private async Task SetStallTimeoutAsync(string time)
    {
        await Cluster.SqlAsync(Cluster.Monitor, $"alter system set pgautofailover.replication_stall_timeout to '{time}'", Token);
        await Cluster.SqlAsync(Cluster.Monitor, "select pg_reload_conf()", Token);
    }

    private async Task OnMonitorAsync(params string[] arguments) => (await Cluster.Monitor.AutoctlAsync(arguments, Token)).Succeeded();
}
