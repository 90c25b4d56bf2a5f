using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Losses;

[Collection(nameof(DefaultPair))]
public sealed class MonitorLossTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task The_pair_keeps_serving_while_the_monitor_is_down()
    {
        TestNode primary = Cluster.Primary;
        TimeSpan lost = Harness.Clock.Now;
        await Cluster.Monitor.KillEverythingAsync(Token);
        try
        {
            await Cluster.UntilAsync("writes are acknowledged 25 s later", () => Application.LastSent > lost + TimeSpan.FromSeconds(25), Token);
            WriteGaps.Longest(Application.Acknowledged, lost, Harness.Clock.Now).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        }
        finally
        {
            Cluster.Monitor.Run();
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task The_primary_lost_while_the_monitor_is_down_is_replaced_once_the_monitor_is_back()
    {
        TestNode lost = Cluster.Primary, other = Cluster.OtherThan(lost);
        await Cluster.Monitor.KillEverythingAsync(Token);
        await lost.KillEverythingAsync(Token);
        Cluster.Monitor.Run();
        await UntilServedByAsync(other);
        lost.Run();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_keeper_started_while_the_monitor_is_down_waits_for_it()
    {
        TestNode standby = Cluster.Secondary;
        await Cluster.Monitor.KillEverythingAsync(Token);
        await standby.KillAutoctlAsync(Token);
        standby.Run();
        await UntilServedAsync();
        Cluster.Monitor.Run();
        await ShouldBeWholeAgainAsync();
        standby.AutoctlPid.ShouldNotBeNull();
    }
}
