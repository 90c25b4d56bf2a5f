using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

[Collection(nameof(DefaultPair))]
public sealed class SwitchoverTests(DefaultPair pair) : ClusterTest(pair)
{
    [Theory]
    [InlineData("switchover")]
    [InlineData("failover")]
    public async Task The_roles_are_exchanged_while_an_application_writes(string verb)
    {
        TestNode old = Cluster.Primary, other = Cluster.OtherThan(old);
        CommandResult result = await Cluster.Monitor.AutoctlAsync(["perform", verb], Token);
        result.Succeeded();
        await UntilServedByAsync(other);
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(other);
    }

    [Fact]
    public async Task A_second_switchover_right_behind_the_first_is_done_or_refused_but_breaks_nothing()
    {
        CommandResult[] results = await Task.WhenAll(
            Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token), Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token));
        results.ShouldContain(r => r.ExitCode == 0);
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_switchover_without_a_standby_is_refused_with_a_reason()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await standby.KillEverythingAsync(Token);
        await UntilSettledAsync(primary, "wait_primary");
        CommandResult result = await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token);
        result.ExitCode.ShouldBe(ExitCodes.MonitorError);
        result.Error.ShouldContain("ERROR");
        await UntilServedByAsync(primary);
        standby.Run();
        await ShouldBeWholeAgainAsync();
    }
}
