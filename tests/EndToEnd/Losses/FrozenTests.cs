using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Losses;

[Collection(nameof(ImpatientPair))]
public sealed class FrozenTests(ImpatientPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_frozen_primary_is_replaced_and_never_acknowledges_a_lost_write_when_it_thaws()
    {
        TestNode frozen = Cluster.Primary, other = Cluster.OtherThan(frozen);
        Writer beside = StartClientBeside(frozen);
        await Cluster.UntilAcknowledgedAsync(beside, Token);
        frozen.Freeze();
        try
        {
            await UntilServedByAsync(other);
        }
        finally
        {
            frozen.Thaw();
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(other);
    }

    [Fact]
    public async Task A_frozen_standby_holds_writes_up_only_until_it_is_noticed()
    {
        TestNode frozen = Cluster.Secondary, primary = Cluster.Primary;
        frozen.Freeze();
        try
        {
            await UntilSettledAsync(primary, "wait_primary");
            await UntilServedAsync();
        }
        finally
        {
            frozen.Thaw();
        }

        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task A_primary_frozen_for_a_moment_keeps_its_role_and_loses_nothing()
    {
        TestNode primary = Cluster.Primary;
        primary.Freeze();
        primary.Thaw();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_frozen_monitor_stops_nobody()
    {
        Cluster.Monitor.Freeze();
        try
        {
            TimeSpan beyondEveryTimeout = Harness.Clock.Now + TimeSpan.FromSeconds(8);
            await Cluster.UntilAsync("writes are acknowledged 8 s later", () => Application.LastSent > beyondEveryTimeout, Token);
        }
        finally
        {
            Cluster.Monitor.Thaw();
        }

        await ShouldBeWholeAgainAsync();
    }
}
