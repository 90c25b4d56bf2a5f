using System.Text.Json;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>Three nodes: what is lost is replaced by an election, and two can be lost one after the other.</summary>
[Collection(nameof(ImpatientTrio))]
public sealed class TrioTests(ImpatientTrio trio) : ClusterTest(trio)
{
    /// <summary>A switchover takes a fraction of it, a stall that waits for a timeout several times as long, a busy machine less.</summary>
    private static readonly TimeSpan s_noticeable = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task A_switchover_elects_a_standby_and_everybody_follows_it()
    {
        TestNode before = Cluster.Primary;
        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldNotBe(before);
    }

    [Fact]
    public async Task A_promotion_elects_the_node_that_was_named()
    {
        TestNode chosen = Standbys()[1];
        CommandResult result = (await Cluster.Monitor.AutoctlAsync(["perform", "promotion", "--name", chosen.Name, "--json"], Token)).Succeeded();
        using var node = JsonDocument.Parse(result.Output);
        node.RootElement.GetProperty("nodename").GetString().ShouldBe(chosen.Name);
        node.RootElement.GetProperty("current_group_state").GetString().ShouldBe("primary");
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(chosen);
    }

    [Fact]
    public async Task The_primarys_host_is_lost_and_the_others_elect_one_of_them()
    {
        TestNode lost = Cluster.Primary;
        await lost.KillEverythingAsync(Token);
        await Cluster.UntilAsync("another node serves", () => Application.Acknowledged is [.., var last] && last.Port != lost.Port, Token);
        lost.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldNotBe(lost);
    }

    [Fact]
    public async Task A_standby_is_lost_and_then_the_primary_and_the_last_node_takes_over()
    {
        TestNode primary = Cluster.Primary, first = Standbys()[0], last = Standbys()[1];
        await first.KillEverythingAsync(Token);
        await Cluster.UntilAsync($"{first.Name} is not counted on", s => s.Node(first.Name)?.Goal == "catchingup" && s.Node(primary.Name)!.Is("primary"), Token);
        await UntilServedAsync();
        await primary.KillEverythingAsync(Token);
        await UntilServedByAsync(last);
        first.Run();
        primary.Run();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(last);
    }

    [Fact]
    public async Task The_primary_and_a_standby_are_lost_at_once_and_nobody_is_promoted_that_may_lack_a_write()
    {
        TestNode primary = Cluster.Primary, first = Standbys()[0], last = Standbys()[1];
        await Task.WhenAll(primary.KillEverythingAsync(Token), first.KillEverythingAsync(Token));
        await UntilAnEventSaysAsync("--allow-data-loss");
        Cluster.States.Last.Node(last.Name)!.TakesWrites.ShouldBeFalse();
        first.Run();
        await Cluster.UntilAsync("another node serves", () => Application.Acknowledged is [.., var row] && row.Port != primary.Port, Token);
        primary.Run();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task Both_standbys_are_lost_writes_wait_and_go_on_when_one_is_back()
    {
        TestNode[] standbys = Standbys();
        await Task.WhenAll(standbys.Select(s => s.KillEverythingAsync(Token)));
        await Cluster.UntilAsync("neither is counted on", s => standbys.All(n => s.Node(n.Name)?.Goal == "catchingup"), Token);
        standbys[0].Run();
        await UntilServedAsync();
        standbys[1].Run();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task Every_node_is_maintained_in_turn_under_load_with_one_short_stall_for_each_switchover()
    {
        foreach (TestNode node in Cluster.Nodes)
        {
            bool leads = Cluster.Primary == node;
            TimeSpan began = Clock.Now;
            (await node.AutoctlAsync(["enable", "maintenance", "--allow-failover"], Token)).Succeeded();
            await UntilSettledAsync(node, "maintenance");
            await UntilServedAsync();
            (await node.AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
            await ShouldBeWholeAgainAsync();
            TimeSpan[] stalls = [.. WriteGaps.LongerThan(s_noticeable, Application.Acknowledged, began)];
            stalls.Length.ShouldBeLessThanOrEqualTo(leads ? 1 : 0, string.Join(", ", stalls));
            stalls.ShouldAllBe(s => s < TimeSpan.FromSeconds(5));
        }
    }

    private TestNode[] Standbys() => [.. Cluster.Nodes.Where(n => n != Cluster.Primary)];

    private async Task UntilAnEventSaysAsync(string text)
    {
        while (true)
        {
            CommandResult events = await Cluster.Monitor.AutoctlAsync(["show", "events", "--count", "20"], Token);
            if (events.Output.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(200, Token);
        }
    }
}
