using System.Text.Json;
using Npgsql;
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

        // It has been primary, and may already be waiting for the other standby, too.
        node.RootElement.GetProperty("current_group_state").GetString().ShouldBeOneOf("primary", "apply_settings");
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
    public async Task What_only_lost_nodes_hold_is_given_up_where_an_operator_says_so_and_the_command_tells_what_that_is()
    {
        TestNode primary = Cluster.Primary, first = Standbys()[0], last = Standbys()[1];
        CommandResult refused = await Cluster.Monitor.AutoctlAsync(["perform", "failover", "--formation", "nowhere"], Token);
        refused.ExitCode.ShouldBe(ExitCodes.BadState);
        await Task.WhenAll(primary.KillEverythingAsync(Token), first.KillEverythingAsync(Token));
        await UntilAnEventSaysAsync("--allow-data-loss");
        CommandResult state = (await Cluster.Monitor.AutoctlAsync(["show", "state"], Token)).Succeeded();
        state.Error.ShouldContain("perform failover --allow-data-loss");
        (await Cluster.Monitor.AutoctlAsync(["perform", "failover"], Token)).ExitCode.ShouldBe(ExitCodes.MonitorError);

        // In an application's life these two were lost for good. What they alone held had not been acknowledged this time, as both died at once.
        CommandResult given = await Cluster.Monitor.AutoctlAsync(["perform", "failover", "--allow-data-loss", "--wait", "1"], Token);
        given.Error.ShouldContain("gives up what only lost nodes hold: the most advanced node in touch is node");
        await UntilAnEventSaysAsync("the most advanced node in touch is node");
        await Cluster.UntilAsync($"{last.Name} leads", s => s.Node(last.Name)!.TakesWrites, Token);
        first.Run();
        primary.Run();
        await Cluster.UntilSteadyAsync(Token);
        Cluster.Primary.ShouldBe(last);
        await UntilServedAsync();
    }

    [Fact]
    public async Task A_standby_that_somebody_has_promoted_is_taken_back_and_never_chosen()
    {
        TestNode primary = Cluster.Primary, stray = Standbys()[0];
        await Cluster.SqlAsync(stray, "select pg_promote()", Token);
        await Cluster.UntilAsync("it follows again", () => IsInRecoveryAsync(stray), Token);
        await ShouldBeWholeAgainAsync();

        // Just before the primary is lost, and restarted after that: what it reports then must not be taken for more than the others have.
        stray.FreezeAutoctl();
        await Cluster.SqlAsync(stray, "select pg_promote()", Token);
        stray.KillPostmaster();
        await primary.KillEverythingAsync(Token);
        stray.Thaw();
        await Cluster.UntilAsync("the primary is missed", s => s.Node(primary.Name) is { Health: 0 } or { Goal: "draining" }, Token);
        TimeSpan beyondPatience = Clock.Now + TimeSpan.FromSeconds(6);
        await Cluster.UntilAsync("some time has passed", () => Clock.Now > beyondPatience, Token);
        Cluster.States.Last.Node(stray.Name)!.TakesWrites.ShouldBeFalse();
        primary.Run();
        await Cluster.UntilSteadyAsync(Token);
        await UntilServedAsync();
        Cluster.Primary.ShouldNotBe(stray);

        // What the stray itself acknowledged to clients that found it is nothing that the group promised.
        (await Cluster.MissingRowsAsync(Token)).ShouldAllBe(m => m.Acknowledged.Port == stray.Port);
    }

    [Fact]
    public async Task All_standbys_go_into_maintenance_reads_go_on_and_writes_wait_until_there_is_one_again_or_fewer_are_asked_for()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        (await standbys[0].AutoctlAsync(["enable", "maintenance"], Token)).Succeeded();
        CommandResult second = (await standbys[1].AutoctlAsync(["enable", "maintenance"], Token)).Succeeded();
        second.Error.ShouldContain("writes will wait while");
        await UntilAnEventSaysAsync("set formation number-sync-standbys --formation default 0");
        (await Cluster.ScalarAsync(primary, "select count(*) >= 0 from ledger", Token)).ShouldBe(true);
        (await Cluster.Monitor.AutoctlAsync(["show", "state"], Token)).Error.ShouldContain("Writes wait on");

        // Two commands end it; the one first that the event names.
        (await Cluster.Monitor.AutoctlAsync(["set", "formation", "number-sync-standbys", "0"], Token)).Succeeded();
        await UntilServedByAsync(primary);
        (await standbys[0].AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
        (await standbys[1].AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        (await Cluster.Monitor.AutoctlAsync(["set", "formation", "number-sync-standbys", "1"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task Settings_are_shown_changed_and_in_force_on_the_primary_and_what_cannot_be_is_refused()
    {
        TestNode primary = Cluster.Primary;
        TestNode[] standbys = Standbys();
        string both = $"ANY 1 ({string.Join(", ", standbys.Select(StandbyName).Order(StringComparer.Ordinal))})";
        async Task InForceAsync(string names) => (await Cluster.ScalarAsync(primary, "show synchronous_standby_names", Token)).ShouldBe(names);

        // With the second standby it has become 1 by itself.
        (await OnMonitorAsync("get", "formation", "number-sync-standbys")).Trim().ShouldBe("1");
        (await OnMonitorAsync("show", "standby-names")).Trim().ShouldBe($"'{both}'");
        await InForceAsync(both);
        (await Cluster.Monitor.AutoctlAsync(["set", "formation", "number-sync-standbys", "2"], Token)).Error.ShouldContain("At least 3 standby nodes are required");
        (await Cluster.Monitor.AutoctlAsync(["set", "node", "replication-quorum", "--name", standbys[0].Name, "false"], Token)).Error.ShouldContain("At least 2 standby nodes are required");

        await OnMonitorAsync("set", "formation", "number-sync-standbys", "0");
        await OnMonitorAsync("set", "node", "replication-quorum", "--name", standbys[0].Name, "false");
        await InForceAsync($"ANY 1 ({StandbyName(standbys[1])})");
        await OnMonitorAsync("set", "node", "candidate-priority", "--name", standbys[0].Name, "0");
        (await OnMonitorAsync("show", "settings")).ShouldContain($"{standbys[0].Name} |        candidate priority | 0");
        (await Cluster.Monitor.AutoctlAsync(["perform", "promotion", "--name", standbys[0].Name], Token)).Error.ShouldContain("has candidate priority 0");

        await OnMonitorAsync("set", "node", "candidate-priority", "--name", standbys[0].Name, "50");
        await OnMonitorAsync("set", "node", "replication-quorum", "--name", standbys[0].Name, "true");
        await OnMonitorAsync("set", "formation", "number-sync-standbys", "1");
        await InForceAsync(both);
        (await OnMonitorAsync("get", "node", "replication-quorum", "--name", standbys[0].Name)).Trim().ShouldBe("true");
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_node_gets_another_name_while_it_runs()
    {
        TestNode renamed = Standbys()[0];
        (await renamed.AutoctlAsync(["set", "node", "metadata", "--name", "renamed"], Token)).Succeeded();
        (await OnMonitorAsync("show", "state")).ShouldContain("renamed");
        (await renamed.AutoctlAsync(["config", "get", "pg_autoctl.name"], Token)).Succeeded().Output.Trim().ShouldBe("renamed");
        (await renamed.AutoctlAsync(["set", "node", "metadata", "--name", Cluster.Primary.Name], Token)).ExitCode.ShouldBe(ExitCodes.MonitorError);
        (await renamed.AutoctlAsync(["set", "node", "metadata", "--name", renamed.Name], Token)).Succeeded();
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

    private async Task<bool> IsInRecoveryAsync(TestNode node)
    {
        try
        {
            return await Cluster.ScalarAsync(node, "select pg_is_in_recovery()", Token) is true;
        }
        catch (NpgsqlException)
        {
            // It is being stopped, or does not accept sessions yet.
            return false;
        }
    }

    private async Task<string> OnMonitorAsync(params string[] arguments) => (await Cluster.Monitor.AutoctlAsync(arguments, Token)).Succeeded().Output;

    private string StandbyName(TestNode node) => $"pgautofailover_standby_{Cluster.States.Last.Node(node.Name)!.Id}";

    private TestNode[] Standbys() => [.. Cluster.Nodes.Where(n => n != Cluster.Primary)];
}
