using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Losses;

[Collection(nameof(DefaultPair))]
public sealed class KilledHostTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task The_primarys_host_is_lost_the_standby_takes_over_and_the_old_primary_joins_again()
    {
        TestNode lost = Cluster.Primary, other = Cluster.OtherThan(lost);
        await lost.KillEverythingAsync(Token);
        await UntilServedByAsync(other);
        await NothingShouldBeLostAsync();
        lost.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(other);
    }

    [Fact]
    public async Task The_standbys_host_is_lost_and_the_primary_goes_on_alone()
    {
        TestNode lost = Cluster.Secondary, primary = Cluster.Primary;
        await lost.KillEverythingAsync(Token);
        await UntilServedAsync();
        await UntilSettledAsync(primary, "wait_primary");
        lost.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_hosts_are_lost_and_come_back_in_either_order(bool primaryFirst)
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await Task.WhenAll(primary.KillEverythingAsync(Token), standby.KillEverythingAsync(Token));
        (TestNode first, TestNode second) = primaryFirst ? (primary, standby) : (standby, primary);
        first.Run();
        await Cluster.UntilAsync("PostgreSQL of the first one runs, or pg_autoctl waits", () => first.PostmasterPid is not null || first.AutoctlPid is not null, Token);
        second.Run();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task The_standby_is_lost_and_then_the_primary_before_the_standby_is_back()
    {
        // The standby lacks what was written without it: it must not be promoted, however long the primary is away.
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await standby.KillEverythingAsync(Token);
        await UntilSettledAsync(primary, "wait_primary");
        await UntilServedAsync();
        await primary.KillEverythingAsync(Token);
        standby.Run();
        await Cluster.UntilAsync("PostgreSQL of the standby runs, or pg_autoctl waits", () => standby.PostmasterPid is not null || standby.AutoctlPid is not null, Token);
        primary.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }
}
