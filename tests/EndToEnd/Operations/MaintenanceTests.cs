using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

[Collection(nameof(DefaultPair))]
public sealed class MaintenanceTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_standby_goes_into_maintenance_and_comes_back()
    {
        TestNode standby = Cluster.Secondary, primary = Cluster.Primary;
        (await standby.AutoctlAsync(["enable", "maintenance"], Token)).Succeeded();
        await UntilSettledAsync(standby, "maintenance");
        await UntilServedAsync();
        (await standby.AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task A_primary_goes_into_maintenance_only_if_a_failover_is_allowed()
    {
        TestNode primary = Cluster.Primary, other = Cluster.OtherThan(primary);
        CommandResult refused = await primary.AutoctlAsync(["enable", "maintenance"], Token);
        refused.ExitCode.ShouldBe(ExitCodes.BadArguments);
        await UntilServedByAsync(primary);

        (await primary.AutoctlAsync(["enable", "maintenance", "--allow-failover"], Token)).Succeeded();
        await UntilServedByAsync(other);
        (await primary.AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(other);
    }

    [Fact]
    public async Task A_standby_in_maintenance_is_not_promoted_when_the_primary_is_lost()
    {
        TestNode standby = Cluster.Secondary, primary = Cluster.Primary;
        (await standby.AutoctlAsync(["enable", "maintenance"], Token)).Succeeded();
        await primary.KillEverythingAsync(Token);
        primary.Run();
        await UntilServedByAsync(primary);
        (await standby.AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
    }
}
