using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>Three nodes become one, and three again.</summary>
[Collection(nameof(ImpatientTrio))]
public sealed class FewerAndMoreTests(ImpatientTrio trio) : ClusterTest(trio)
{
    [Fact]
    public async Task Standbys_are_dropped_down_to_a_single_node_and_made_again_while_an_application_writes_and_the_number_to_wait_for_follows()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = [.. Cluster.Nodes.Where(n => n != primary)];
        (await NumberSyncStandbysAsync()).ShouldBe("1");

        await DropAsync(standbys[0]);
        await UntilTheyAreAsync(primary, "primary", standbys[1]);
        (await NumberSyncStandbysAsync()).ShouldBe("0");
        await UntilAnEventSaysAsync("Setting number_sync_standbys to 0, as 1 standby is left in the quorum");
        await UntilWaitingForAsync(primary, 1, standbys[1]);
        await UntilServedByAsync(primary);

        await DropAsync(standbys[1]);
        await UntilTheyAreAsync(primary, "single");
        await UntilWaitingForAsync(primary, 0);
        await UntilServedAsync();
        await NothingShouldBeLostAsync();

        await CreateAsync(standbys[0]);
        await UntilTheyAreAsync(primary, "primary", standbys[0]);
        (await NumberSyncStandbysAsync()).ShouldBe("0");
        await UntilWaitingForAsync(primary, 1, standbys[0]);

        await CreateAsync(standbys[1]);
        await UntilTheyAreAsync(primary, "primary", standbys);
        (await NumberSyncStandbysAsync()).ShouldBe("1");
        await UntilWaitingForAsync(primary, 1, standbys);
        await UntilAnEventSaysAsync("Setting number_sync_standbys to 1 for formation default");
        await ShouldBeWholeAgainAsync();

        // What was written while there was but one node has come to all, and any one of them may be lost.
        await primary.KillEverythingAsync(Token);
        await Cluster.UntilAsync("another node serves", () => Application.Acknowledged is [.., var last] && last.Port != primary.Port, Token);
        await NothingShouldBeLostAsync();
        primary.Run();
        await ShouldBeWholeAgainAsync();
    }

    private static async Task DropAsync(TestNode node) => (await node.AutoctlAsync(["drop", "node", "--destroy"], Token)).Succeeded();

    private async Task CreateAsync(TestNode node)
    {
        await Cluster.CreateNodeAsync(node, Token);
        await Cluster.ConfigureAsync(node, Token);
    }

    private async Task<string> NumberSyncStandbysAsync() =>
        (await Cluster.Monitor.AutoctlAsync(["get", "formation", "number-sync-standbys"], Token)).Succeeded().Output.Trim();

    private Task UntilTheyAreAsync(TestNode primary, string state, params TestNode[] standbys) => Cluster.UntilAsync(
        $"{primary.Name} is {state} with {standbys.Length} standbys",
        s => s.Nodes.Length == standbys.Length + 1 && s.Node(primary.Name)!.Is(state) && standbys.All(n => s.Node(n.Name)?.Is("secondary") is true),
        Token);

    private Task UntilWaitingForAsync(TestNode primary, int number, params TestNode[] standbys)
    {
        IEnumerable<string> names = standbys.Select(n => $"pgautofailover_standby_{Cluster.States.Last.Node(n.Name)!.Id}").Order(StringComparer.Ordinal);
        string expected = number == 0 ? "" : $"ANY {number} ({string.Join(", ", names)})";
        return Cluster.UntilAsync(
            $"commits on {primary.Name} wait for {(expected.Length == 0 ? "nobody" : expected)}",
            async () => await Cluster.ScalarAsync(primary, "show synchronous_standby_names", Token) as string == expected,
            Token);
    }
}
