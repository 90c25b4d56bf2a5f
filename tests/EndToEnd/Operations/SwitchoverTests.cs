using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clients;
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
        await TellApplicationsAsync("127.0.0.2");
        Writer another = await Cluster.StartWriterAsync($"at the client address, {verb}", Token);
        CommandResult result = await Cluster.Monitor.AutoctlAsync(["perform", verb], Token);
        result.Succeeded();
        await UntilServedByAsync(other);
        await Cluster.UntilSteadyAsync(Token);
        await Cluster.UntilAcknowledgedAsync(another, Token);
        another.LastAcknowledged?.Port.ShouldBe(other.Port);
        (await Cluster.ScalarAsync(old, "select conninfo from pg_stat_wal_receiver", Token)).ShouldBeOfType<string>().ShouldContain(" host=localhost ");

        await TellApplicationsAsync("");
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

    /// <summary>Has applications find both nodes at an address of their own, or, where that is empty, where the nodes find each other.</summary>
    private async Task TellApplicationsAsync(string host)
    {
        foreach (TestNode node in Cluster.Nodes)
        {
            (await node.AutoctlAsync(["set", "node", "metadata", "--client-hostname", host], Token)).Succeeded();
        }

        // In whatever order: a node that was dropped and came back has a new number.
        string shown = host.Length == 0 ? "localhost" : host;
        string uri = (await Cluster.Monitor.AutoctlAsync(["show", "uri", "--formation", "default"], Token)).Succeeded().Output;
        uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..uri.LastIndexOf('/')].Split(',')
            .ShouldBe(Cluster.Nodes.Select(n => $"{shown}:{n.Port}"), ignoreOrder: true);
    }
}
