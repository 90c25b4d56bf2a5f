using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

[Collection(nameof(DefaultPair))]
public sealed class DropNodeTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_standby_is_dropped_with_its_data_and_made_again()
    {
        TestNode standby = Cluster.Secondary, primary = Cluster.Primary;
        (await standby.AutoctlAsync(["drop", "node", "--destroy"], Token)).Succeeded();
        await Cluster.UntilAsync("the primary is single", s => s.Nodes.Length == 1 && s.Node(primary.Name)?.Is("single") is true, Token);
        Directory.Exists(standby.DataDirectory).ShouldBeFalse();
        standby.AutoctlPid.ShouldBeNull();
        await UntilServedAsync();
        await Cluster.CreateNodeAsync(standby, Token);
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_standby_dropped_by_name_stops_by_itself_and_keeps_its_data()
    {
        TestNode standby = Cluster.Secondary, primary = Cluster.Primary;
        (await Cluster.Monitor.AutoctlAsync(["drop", "node", "--name", standby.Name], Token)).Succeeded();
        await Cluster.UntilAsync("the primary is single", s => s.Nodes.Length == 1 && s.Node(primary.Name)?.Is("single") is true, Token);
        await standby.WaitForExitAsync(Token);
        Directory.Exists(standby.DataDirectory).ShouldBeTrue();
        await UntilServedAsync();

        // What is on its disk is of this very system: it comes back with it.
        await Cluster.CreateNodeAsync(standby, Token);
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_primary_that_no_standby_acknowledges_for_leaves_everything_behind_when_it_is_dropped()
    {
        TestNode standby = Cluster.Secondary, primary = Cluster.Primary;
        (await Cluster.Monitor.AutoctlAsync(["set", "node", "replication-quorum", "--name", standby.Name, "false"], Token)).Succeeded();
        await UntilSettledAsync(primary, "primary");
        await UntilServedAsync();

        (await Cluster.Monitor.AutoctlAsync(["drop", "node", "--name", primary.Name], Token)).Succeeded();
        await Cluster.UntilAsync("the standby is single", s => s.Nodes.Length == 1 && s.Node(standby.Name)?.Is("single") is true, Token);
        await UntilServedByAsync(standby);
        await NothingShouldBeLostAsync();

        await primary.WaitForExitAsync(Token);
        await Cluster.CreateNodeAsync(primary, Token);
        (await Cluster.Monitor.AutoctlAsync(["set", "node", "replication-quorum", "--name", standby.Name, "true"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task An_unknown_node_cannot_be_dropped()
    {
        CommandResult result = await Cluster.Monitor.AutoctlAsync(["drop", "node", "--name", "nobody"], Token);
        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain("nobody");
        await ShouldBeWholeAgainAsync();
    }
}
