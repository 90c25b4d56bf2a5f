using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>Nobody is in the quorum: the operator has accepted that a failover loses what has not been replicated, and no more than that.</summary>
[Collection(nameof(ImpatientQuartet))]
public sealed class AsynchronousTests(ImpatientQuartet quartet) : ClusterTest(quartet)
{
    [Fact]
    public async Task The_most_advanced_standby_leads_when_the_primarys_host_is_lost_and_the_old_primary_is_rewound()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        TestNode advanced = standbys[^1];
        await SetQuorumOfAllAsync(false);

        // First the others lose touch with the primary, which nobody notices so soon, and then the most advanced one does.
        foreach (TestNode standby in standbys[..^1])
        {
            await NamespaceNetwork.CutAsync(primary.Host, standby.Host, Token);
        }

        await UntilServedAsync();
        Acknowledgement replicated = Application.LastAcknowledged.ShouldNotBeNull();
        await Cluster.UntilAsync($"{advanced.Name} has row {replicated.Id}", () => HasAsync(advanced, replicated), Token);
        await NamespaceNetwork.CutAsync(primary.Host, advanced.Host, Token);
        await UntilServedAsync();
        await primary.KillEverythingAsync(Token);
        foreach (TestNode standby in standbys)
        {
            await NamespaceNetwork.MendAsync(primary.Host, standby.Host, Token);
        }

        await UntilServedByAsync(advanced);
        MissingRow[] lost = [.. await Cluster.MissingRowsAsync(Token)];
        lost.ShouldNotBeEmpty("the old primary must have something to be rewound");
        lost.ShouldAllBe(m => m.Acknowledged.Port == primary.Port && m.Acknowledged.Id > replicated.Id);

        // The old primary has no more than the others when it is back.
        primary.Run();
        await Cluster.UntilSteadyAsync(Token);
        Cluster.Primary.ShouldBe(advanced);
        await UntilServedByAsync(advanced);
        (await Cluster.MissingRowsAsync(Token)).ShouldBe(lost);
        await Cluster.UntilAsync("it has what the new primary has acknowledged", () => HasAsync(primary, Application.LastAcknowledged!.Value), Token);
        foreach (MissingRow row in lost)
        {
            (await HasAsync(primary, row.Acknowledged)).ShouldBeFalse(row.ToString());
        }

        await SetQuorumOfAllAsync(true);
    }

    private async Task<bool> HasAsync(TestNode node, Acknowledgement row) => await Cluster.ScalarAsync(
        node, $"select exists(select from ledger where writer = '{Application.Name}' and id = {row.Id})", Token) is true;

    private async Task SetQuorumOfAllAsync(bool quorum)
    {
        if (!quorum)
        {
            await OnMonitorAsync("set", "formation", "number-sync-standbys", "0");
        }

        foreach (TestNode node in Cluster.Nodes)
        {
            await OnMonitorAsync("set", "node", "replication-quorum", "--name", node.Name, quorum ? "true" : "false");
        }

        if (quorum)
        {
            await OnMonitorAsync("set", "formation", "number-sync-standbys", "1");
        }

        await Cluster.UntilSteadyAsync(Token);
    }

    private async Task OnMonitorAsync(params string[] arguments) => (await Cluster.Monitor.AutoctlAsync(arguments, Token)).Succeeded();
}
