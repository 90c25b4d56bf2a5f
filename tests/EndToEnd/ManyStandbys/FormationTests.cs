using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>Two formations on one monitor: what happens in one does not concern the other.</summary>
public sealed class FormationTests : OwnClusterTest
{
    [Fact]
    public async Task Formations_of_one_monitor_have_their_own_nodes_failovers_and_settings()
    {
        await PrepareAsync(new ClusterOptions { Nodes = 3, MonitorSettings = MonitorSettings.Impatient, NodeSettings = MonitorSettings.ImpatientKeeper });
        TestNode bystander = Cluster.Nodes[0], first = Cluster.Nodes[1], second = Cluster.Nodes[2];
        await Cluster.CreateMonitorAsync(Token);
        await OnMonitorAsync("create", "formation", "--formation", "orders", "--kind", "pgsql", "--disable-secondary");
        await Cluster.CreateNodeAsync(bystander, Token);
        Start(first);
        await UntilAsync(first, "single");

        // Secondaries are a decision of the formation.
        CommandResult refused = await second.AutoctlRawAsync([.. Cluster.CreateNodeCommand(second), "--formation", "orders"], Token);
        ShouldBeRefused(refused, ExitCodes.MonitorError);
        refused.Error.ShouldContain("enable secondary");
        await OnMonitorAsync("enable", "secondary", "--formation", "orders");
        Start(second);
        await UntilAsync(first, "primary");
        ShouldBeRefused(await Cluster.Monitor.AutoctlAsync(["disable", "secondary", "--formation", "orders"], Token), ExitCodes.MonitorError);

        // A failover here is none of the other formation's business.
        await first.KillEverythingAsync(Token);
        await UntilAsync(second, "wait_primary");
        first.Run();
        await UntilAsync(second, "primary");
        await UntilAsync(first, "secondary");
        Cluster.States.Changes.Where(s => s.Node(second.Name) is not null).ShouldAllBe(s => s.Node(bystander.Name)!.Is("single"));
        (await OnMonitorAsync("show", "state", "--formation", "orders")).ShouldNotContain(bystander.Name);
        (await OnMonitorAsync("show", "uri", "--formation", "orders")).ShouldContain($":{second.Port}");

        // Without its secondary the formation may forbid them, and goes when its last node is gone.
        (await first.AutoctlAsync(["drop", "node", "--destroy"], Token)).Succeeded();
        await UntilAsync(second, "single");
        await OnMonitorAsync("disable", "secondary", "--formation", "orders");
        ShouldBeRefused(await Cluster.Monitor.AutoctlAsync(["drop", "formation", "--formation", "orders"], Token), ExitCodes.MonitorError);
        (await second.AutoctlAsync(["drop", "node", "--destroy"], Token)).Succeeded();
        await OnMonitorAsync("drop", "formation", "--formation", "orders");
        Cluster.States.Last.Node(bystander.Name)!.Is("single").ShouldBeTrue();
    }

    private void Start(TestNode node) => node.Start([.. Cluster.CreateNodeCommand(node), "--formation", "orders", "--run"]);

    private Task UntilAsync(TestNode node, string state) =>
        Cluster.UntilAsync($"{node.Name} is settled in {state}", s => s.Node(node.Name)?.Is(state) is true, Token);

    private async Task<string> OnMonitorAsync(params string[] arguments) => (await Cluster.Monitor.AutoctlAsync(arguments, Token)).Succeeded().Output;
}
