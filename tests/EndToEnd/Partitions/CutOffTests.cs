using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Partitions;

[Collection(nameof(SeparatedPair))]
public sealed class CutOffTests(SeparatedPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_primary_cut_off_with_a_client_on_its_side_is_replaced_and_fences_itself()
    {
        TestNode cutOff = Cluster.Primary, other = Cluster.OtherThan(cutOff);
        Writer beside = StartClientBeside(cutOff);
        await Cluster.UntilAcknowledgedAsync(beside, Token);
        await Cluster.Links.UnplugAsync(cutOff.Host, Token);
        try
        {
            await UntilServedByAsync(other);
            await Cluster.UntilAsync("the old primary has stopped its PostgreSQL", () => cutOff.PostmasterPid is null, Token);
        }
        finally
        {
            await Cluster.Links.PlugInAsync(cutOff.Host, Token);
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(other);
    }

    [Fact]
    public async Task A_standby_that_is_cut_off_holds_writes_up_only_until_it_is_noticed()
    {
        TestNode cutOff = Cluster.Secondary, primary = Cluster.Primary;
        await Cluster.Links.UnplugAsync(cutOff.Host, Token);
        try
        {
            await UntilSettledAsync(primary, "wait_primary");
            await UntilServedAsync();
        }
        finally
        {
            await Cluster.Links.PlugInAsync(cutOff.Host, Token);
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task A_monitor_that_is_cut_off_stops_nobody()
    {
        TestNode primary = Cluster.Primary;
        TimeSpan cut = Clock.Now;
        await Cluster.Links.UnplugAsync(Cluster.Monitor.Host, Token);
        try
        {
            await Cluster.UntilAsync("writes are acknowledged 10 s later", () => Application.LastSent > cut + TimeSpan.FromSeconds(10), Token);
            WriteGaps.Longest(Application.Acknowledged, cut, Clock.Now).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        }
        finally
        {
            await Cluster.Links.PlugInAsync(Cluster.Monitor.Host, Token);
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }
}
