using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>The dialogue of two keepers with a monitor, in SQL.</summary>
public sealed class PairTests(ThrowawayPostgres postgres)
{
    private const string States = "select nodename, reportedstate, goalstate from pgautofailover.node order by nodeid";

    [Fact]
    public async Task Two_nodes_become_primary_and_secondary()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var first = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001);
        var second = new FakeKeeper(await monitor.ConnectAsync(), "b", 6002);

        (await first.RegisterAsync()).ShouldBe("single");
        (await first.ReportAsync("init")).ShouldBe("single");
        (await first.ReportAsync("single")).ShouldBe("single");
        (await second.RegisterAsync()).ShouldBe("wait_standby");
        (await second.ReportAsync("wait_standby")).ShouldBe("wait_standby");
        (await first.ReportAsync("single")).ShouldBe("wait_primary");
        (await first.ReportAsync("wait_primary")).ShouldBe("wait_primary");
        (await second.ReportAsync("wait_standby")).ShouldBe("catchingup");
        (await second.ReportAsync("catchingup", evidence: RunningMonitor.Streaming(first))).ShouldBe("secondary");
        (await second.ReportAsync("secondary", evidence: RunningMonitor.Streaming(first))).ShouldBe("secondary");
        (await first.ReportAsync("wait_primary")).ShouldBe("primary");
        (await first.ReportAsync("primary")).ShouldBe("primary");

        (await first.Session.RowsAsync(States)).ShouldBe(["a|primary|primary", "b|secondary|secondary"]);
    }

    [Fact]
    public async Task A_switchover_ends_with_the_roles_exchanged()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();

        await primary.Session.RowsAsync("select pgautofailover.perform_failover()");
        (await primary.ReportAsync("primary")).ShouldBe("draining");
        (await secondary.ReportAsync("secondary")).ShouldBe("prepare_promotion");
        (await secondary.ReportAsync("prepare_promotion")).ShouldBe("prepare_promotion");
        (await primary.ReportAsync("draining", pgIsRunning: false)).ShouldBe("demoted");
        (await secondary.ReportAsync("prepare_promotion")).ShouldBe("wait_primary");
        (await secondary.ReportAsync("wait_primary")).ShouldBe("wait_primary");
        (await primary.ReportAsync("demoted", pgIsRunning: false)).ShouldBe("catchingup");
        (await primary.ReportAsync("catchingup", evidence: RunningMonitor.Streaming(secondary))).ShouldBe("secondary");
        (await primary.ReportAsync("secondary", evidence: RunningMonitor.Streaming(secondary))).ShouldBe("secondary");
        (await secondary.ReportAsync("wait_primary")).ShouldBe("primary");

        (await primary.Session.RowsAsync(States)).ShouldBe(["a|secondary|secondary", "b|wait_primary|primary"]);
    }

    [Fact]
    public async Task Both_nodes_are_told_by_notification_and_each_step_leaves_an_event_that_names_its_rule()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();
        await using var listener = await monitor.ConnectAsync();
        var heard = new List<(string Channel, string Payload)>();
        listener.Notification += (_, e) => heard.Add((e.Channel, e.Payload));
        await listener.ExecuteAsync("listen state; listen log");

        await primary.Session.RowsAsync("select pgautofailover.perform_failover()");
        await Eventually.SatisfiesAsync(
            async () =>
            {
                await listener.ExecuteAsync("select 1");
                return heard.Count;
            },
            count => count >= 3);

        var text = $"""Setting goal state of node {primary.NodeId} "a" (127.0.0.1:6001) to draining and node {secondary.NodeId} "b" (127.0.0.1:6002) to prepare_promotion after a user-initiated failover. [rule 105]""";
        heard.ShouldBe(
        [
            ("log", text),
            ("state", """{"type": "state", "formation": "default", "groupId": 0, "nodeId": 1, "name": "a", "host": "127.0.0.1", "port": 6001, "reportedState": "primary", "goalState": "draining", "health":"unknown"}"""),
            ("state", """{"type": "state", "formation": "default", "groupId": 0, "nodeId": 2, "name": "b", "host": "127.0.0.1", "port": 6002, "reportedState": "secondary", "goalState": "prepare_promotion", "health":"unknown"}"""),
        ]);
        (await primary.Session.RowsAsync("select nodeid, reportedstate, goalstate, reportedlsn, candidatepriority, replicationquorum, description from pgautofailover.last_events(2)"))
            .ShouldBe([$"1|primary|draining|0/3000000|100|t|{text}", $"2|secondary|prepare_promotion|0/3000000|100|t|{text}"]);
    }

    [Fact]
    public async Task A_restart_of_the_service_in_the_middle_loses_nothing()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();
        await primary.Session.RowsAsync("select pgautofailover.perform_failover()");
        (await primary.ReportAsync("primary")).ShouldBe("draining");

        await monitor.StopAsync();
        (await primary.Session.ErrorAsync($"select pgautofailover.node_active('default', {primary.NodeId}, 0, 'draining')")).SqlState.ShouldBe("08006");
        await monitor.StartAsync();

        // A new session of a keeper says what it did, then learns its goal again, then is believed to have reached it.
        await primary.ReportAsync("draining", pgIsRunning: false);
        (await primary.ReportAsync("draining", pgIsRunning: false)).ShouldBe("draining");
        await secondary.ReportAsync("prepare_promotion");
        (await secondary.ReportAsync("prepare_promotion")).ShouldBe("wait_primary");
        (await primary.ReportAsync("draining", pgIsRunning: false)).ShouldBe("demoted");
    }

    [Fact]
    public async Task An_edit_with_psql_is_noticed()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, _) = await monitor.PairAsync();
        await using var superuser = await monitor.ConnectAsync("postgres");

        await superuser.ExecuteAsync($"update pgautofailover.node set candidatepriority = 42 where nodeid = {primary.NodeId}");

        await Eventually.SatisfiesAsync(
            async () => (await primary.Session.RowsAsync(
                $"select assigned_candidate_priority from pgautofailover.node_active('default', {primary.NodeId}, 0, 'primary', current_lsn => '0/3000000', current_evidence => '{{\"keeper\":\"test\"}}')"))[0],
            priority => priority == "42");
    }

    [Fact]
    public async Task A_client_that_holds_locks_on_the_rows_makes_nobody_wait_for_ever()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, _) = await monitor.PairAsync();
        await using var superuser = await monitor.ConnectAsync("postgres");
        await superuser.ExecuteAsync("begin");
        await superuser.ExecuteAsync("update pgautofailover.node set candidatepriority = 42");

        (await primary.Session.ErrorAsync("select pgautofailover.perform_failover()")).SqlState.ShouldBe("55P03");
        (await primary.ReportAsync("primary")).ShouldBe("primary");

        await superuser.ExecuteAsync("rollback");
        await primary.Session.RowsAsync("select pgautofailover.perform_failover()");
        (await primary.ReportAsync("primary")).ShouldBe("draining");
    }

    [Fact]
    public async Task A_dead_primary_whose_keeper_died_with_it_is_replaced_at_once()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres, healthChecks: true);
        var (primary, secondary) = await monitor.PairAsync();
        var begin = TimeProvider.System.GetTimestamp();

        // Nothing listens on the ports of these nodes; what is missing is the end of the keeper's session.
        await primary.Session.DisposeAsync();
        await Eventually.SatisfiesAsync(
            () => secondary.ReportAsync("secondary", evidence: """{"keeper":"test","walreceiver":null}"""), goal => goal == "prepare_promotion", withinSeconds: 3);

        TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (await secondary.Session.RowsAsync("select description from pgautofailover.last_events(1)"))[0].ShouldEndWith(
            "as node 1 \"a\" (127.0.0.1:6001) is unhealthy: its keeper's connection to the monitor has ended and nothing listens on its PostgreSQL port. [rule 325]");
    }

    [Fact]
    public async Task Settings_changed_with_alter_database_are_in_force_after_a_reload()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var superuser = await monitor.ConnectAsync("postgres");
        var (primary, _) = await monitor.PairAsync();
        await superuser.ExecuteAsync($"alter database {monitor.Database} set pgautofailover.enable_health_checks = on");
        await superuser.ExecuteAsync($"alter database {monitor.Database} set pgautofailover.health_check_max_retries = 1");
        await superuser.ExecuteAsync($"alter database {monitor.Database} set pgautofailover.health_check_retry_delay = '50ms'");

        await superuser.ExecuteAsync("select pg_reload_conf()");

        await Eventually.SatisfiesAsync(
            async () => (await primary.Session.RowsAsync($"select health from pgautofailover.node where nodeid = {primary.NodeId}"))[0], health => health == "0");
    }
}
