using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.EndToEnd.Partitions;

[Collection(nameof(SeparatedPair))]
public sealed class CutPathTests(SeparatedPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task Losing_only_the_path_between_primary_and_monitor_neither_moves_the_primary_nor_stalls_a_write()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        TimeSpan cut = Clock.Now;
        await NamespaceNetwork.CutAsync(primary.Host, Cluster.Monitor.Host, Token);
        try
        {
            // Far beyond what the monitor takes for silence (3 s) and the keeper for a partition (4 s).
            await Cluster.UntilAsync("writes are acknowledged 15 s later", () => Application.LastSent > cut + TimeSpan.FromSeconds(15), Token);
            WriteGaps.Longest(Application.Acknowledged, cut, Clock.Now).ShouldBeLessThan(TimeSpan.FromSeconds(2));
            Cluster.States.Last.Node(standby.Name).ShouldNotBeNull().Goal.ShouldBe("secondary");
        }
        finally
        {
            await NamespaceNetwork.MendAsync(primary.Host, Cluster.Monitor.Host, Token);
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task Losing_only_the_path_between_primary_and_standby_leaves_the_primary_alone_until_it_is_mended()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await NamespaceNetwork.CutAsync(primary.Host, standby.Host, Token);
        try
        {
            await UntilServedAsync();
        }
        finally
        {
            await NamespaceNetwork.MendAsync(primary.Host, standby.Host, Token);
        }

        await ShouldBeWholeAgainAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_primary_that_only_hears_or_is_only_heard_is_replaced_without_loss(bool heard)
    {
        // Clients still reach the primary; the monitor and the standby do so in one direction only.
        TestNode half = Cluster.Primary, other = Cluster.OtherThan(half);
        Writer beside = StartClientBeside(half);
        await Cluster.UntilAcknowledgedAsync(beside, Token);
        TestHost[] others = [Cluster.Monitor.Host, other.Host];
        foreach (TestHost host in others)
        {
            await NamespaceNetwork.SwallowAsync(heard ? host : half.Host, heard ? half.Host : host, Token);
        }

        try
        {
            await UntilServedByAsync(other);
            await Cluster.UntilAsync("the old primary has stopped its PostgreSQL", () => half.PostmasterPid is null, Token);
        }
        finally
        {
            foreach (TestHost host in others)
            {
                await NamespaceNetwork.StopSwallowingAsync(heard ? host : half.Host, heard ? half.Host : host, Token);
            }
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(other);
    }
}
