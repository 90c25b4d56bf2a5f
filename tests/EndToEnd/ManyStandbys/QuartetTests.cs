using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;

namespace PgAutoFailover.EndToEnd.ManyStandbys;

/// <summary>Four nodes on hosts of their own: a quorum that outlives two of them, cut links, a candidate that is behind.</summary>
[Collection(nameof(ImpatientQuartet))]
public sealed class QuartetTests(ImpatientQuartet quartet) : ClusterTest(quartet)
{
    [Fact]
    public async Task With_two_acknowledgements_the_primary_and_a_standby_are_lost_at_once_and_the_others_go_on()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        await RequireAcknowledgementsAsync(2);

        await Task.WhenAll(primary.KillEverythingAsync(Token), standbys[0].KillEverythingAsync(Token));

        // Each of the two has all that was acknowledged: one of them leads without waiting for anybody to come back.
        await Cluster.UntilAsync("one of the other two leads", s => standbys[1..].Any(n => s.Node(n.Name)!.TakesWrites), Token);
        primary.Run();
        standbys[0].Run();
        await RestoreAsync();
    }

    [Fact]
    public async Task With_two_acknowledgements_one_standby_may_be_lost_and_writes_wait_for_the_second()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        await RequireAcknowledgementsAsync(2);

        await standbys[0].KillEverythingAsync(Token);
        await UntilCountedOnAsync(standbys[1..]);
        await UntilServedByAsync(primary);
        await standbys[1].KillEverythingAsync(Token);
        TimeSpan lost = Harness.Clock.Now;
        await Cluster.UntilAsync("its loss is noticed", s => s.Node(standbys[1].Name)!.Goal == "catchingup", Token);
        TimeSpan started = Harness.Clock.Now;
        standbys[1].Run();
        await UntilServedAsync();
        Application.Acknowledged.ShouldNotContain(a => a.Sent > lost && a.At < started);
        standbys[0].Run();
        await RestoreAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task Two_standbys_are_lost_at_once_and_writes_go_on_with_the_third()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        TimeSpan lost = Harness.Clock.Now;

        await Task.WhenAll(standbys[..2].Select(s => s.KillEverythingAsync(Token)));

        await UntilCountedOnAsync(standbys[2..]);
        await UntilServedByAsync(primary);
        WriteGaps.Longest(Application.Acknowledged, lost, Harness.Clock.Now).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        standbys[0].Run();
        standbys[1].Run();
        await RestoreAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task A_primary_that_a_partition_leaves_alone_is_replaced_by_the_majority_and_fences_itself()
    {
        TestNode alone = Cluster.Primary;
        TestNode[] standbys = Standbys();
        await RequireAcknowledgementsAsync(2);
        Writer beside = StartClientBeside(alone);
        await Cluster.UntilAcknowledgedAsync(beside, Token);
        await WhileCutAsync([alone], [Cluster.Monitor, .. standbys], async () =>
        {
            await Cluster.UntilAsync(
                "the majority serves", () => Application.Acknowledged is [.., var last] && last.Port != alone.Port, Token);
            await Cluster.UntilAsync("the old primary has stopped its PostgreSQL", () => alone.PostmasterPid is null, Token);
        });
        await RestoreAsync();
        Cluster.Primary.ShouldNotBe(alone);
    }

    [Fact]
    public async Task A_primary_that_keeps_as_many_standbys_as_it_waits_for_serves_without_the_monitor_and_nobody_else_is_promoted()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        await WhileCutAsync([primary, standbys[0]], [Cluster.Monitor, .. standbys[1..]], async () =>
        {
            // The monitor sees two of three standbys, and the third may hold what these lack: it does not even ask them.
            await Cluster.UntilAsync("the monitor misses the primary", s => s.Node(primary.Name)!.Health == 0, Token);
            TimeSpan beyondEveryTimeout = Harness.Clock.Now + TimeSpan.FromSeconds(8);
            await Cluster.UntilAsync("writes are acknowledged 8 s later", () => Application.LastSent > beyondEveryTimeout, Token);
            Cluster.States.Last.Nodes.ShouldAllBe(n => n.Name == primary.Name ? n.TakesWrites : n.Goal == "secondary");
        });
        await RestoreAsync();
    }

    [Fact]
    public async Task A_preferred_candidate_that_is_behind_fetches_what_it_lacks_from_another_standby()
    {
        TestNode primary = Cluster.Primary, preferred = Standbys()[0];
        await SetPriorityAsync(preferred, 100);
        await NamespaceNetwork.CutAsync(primary.Host, preferred.Host, Token);
        try
        {
            // Acknowledged by others; the preferred one does not hear of them.
            await UntilServedAsync();
            await primary.KillEverythingAsync(Token);
            await UntilServedByAsync(preferred);
        }
        finally
        {
            await NamespaceNetwork.MendAsync(primary.Host, preferred.Host, Token);
        }

        Cluster.States.Changes.Any(s => s.Node(preferred.Name)?.Goal == "fast_forward").ShouldBeTrue();
        primary.Run();
        await SetPriorityAsync(preferred, 50);
        await RestoreAsync();
        Cluster.Primary.ShouldBe(preferred);
    }

    [Fact]
    public async Task A_planned_switchover_among_asynchronous_nodes_loses_nothing_although_they_have_just_been_cut_off()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        await RequireAcknowledgementsAsync(0);
        foreach (TestNode node in Cluster.Nodes)
        {
            await SetQuorumAsync(node, false);
        }

        await Cluster.UntilSteadyAsync(Token);
        await WhileCutAsync([primary], standbys, async () =>
        {
            // Acknowledged, and on the primary alone.
            await UntilServedByAsync(primary);
            await Cluster.Monitor.AutoctlAsync(["perform", "switchover", "--wait", "1"], Token);
            await Cluster.UntilAsync("it is called off", s => s.Node(primary.Name)!.Is("wait_primary") || s.Node(primary.Name)!.Is("primary"), Token);
            await UntilServedByAsync(primary);
        });
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);

        // And where they receive, it is done.
        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldNotBe(primary);
        foreach (TestNode node in Cluster.Nodes)
        {
            await SetQuorumAsync(node, true);
        }

        await RestoreAsync();
    }

    [Fact]
    public async Task A_primary_with_fewer_standbys_than_a_commit_waits_for_is_replaced_by_the_others_and_fences_itself_beyond_a_cut()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        await RequireAcknowledgementsAsync(2);
        await WhileCutAsync([primary, standbys[0]], [Cluster.Monitor, .. standbys[1..]], async () =>
        {
            await Cluster.UntilAsync("one of the others leads", s => standbys[1..].Any(n => s.Node(n.Name)!.TakesWrites), Token);
            await Cluster.UntilAsync("the old primary has stopped its PostgreSQL", () => primary.PostmasterPid is null, Token);

            // The new one has one standby, and its writes wait for two, until the operator says otherwise.
            (await Cluster.Monitor.AutoctlAsync(["set", "formation", "number-sync-standbys", "1"], Token)).Succeeded();
            await Cluster.UntilAsync("the others serve", () => Application.Acknowledged is [.., var last] && last.Port != primary.Port, Token);
        });
        await RestoreAsync();
        Cluster.Primary.ShouldNotBe(primary);
    }

    private static async Task WhileCutAsync(TestNode[] few, TestNode[] many, Func<Task> meanwhile)
    {
        (TestHost One, TestHost Other)[] links = [.. from one in few from other in many select (one.Host, other.Host)];
        foreach ((TestHost one, TestHost other) in links)
        {
            await NamespaceNetwork.CutAsync(one, other, Token);
        }

        try
        {
            await meanwhile();
        }
        finally
        {
            foreach ((TestHost one, TestHost other) in links)
            {
                await NamespaceNetwork.MendAsync(one, other, Token);
            }
        }
    }

    /// <summary>Four nodes again, and writes that wait for one standby, as at the beginning.</summary>
    private async Task RestoreAsync()
    {
        await Cluster.UntilSteadyAsync(Token);
        await RequireAcknowledgementsAsync(1);
        await ShouldBeWholeAgainAsync();
    }

    private async Task RequireAcknowledgementsAsync(int number)
    {
        (await Cluster.Monitor.AutoctlAsync(["set", "formation", "number-sync-standbys", $"{number}"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
    }

    private async Task SetPriorityAsync(TestNode node, int priority) => (await Cluster.Monitor.AutoctlAsync(
        ["set", "node", "candidate-priority", "--name", node.Name, $"{priority}"], Token)).Succeeded();

    private async Task SetQuorumAsync(TestNode node, bool quorum) => (await Cluster.Monitor.AutoctlAsync(
        ["set", "node", "replication-quorum", "--name", node.Name, quorum ? "true" : "false"], Token)).Succeeded();

    private Task UntilCountedOnAsync(TestNode[] standbys) => Cluster.UntilAsync(
        $"the primary waits for no other than {string.Join(" and ", standbys.Select(n => n.Name))}",
        s => s.Nodes.All(n => n.Goal != "secondary" || standbys.Any(o => o.Name == n.Name))
            && standbys.All(n => s.Node(n.Name)!.Goal == "secondary")
            && s.Nodes.Any(n => n.Is("primary")),
        Token);

    private TestNode[] Standbys() => [.. Cluster.Nodes.Where(n => n != Cluster.Primary)];
}
