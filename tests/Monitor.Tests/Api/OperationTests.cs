using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>What operators ask for, carried out.</summary>
public sealed class OperationTests(ThrowawayPostgres postgres)
{
    [Fact]
    public async Task The_first_node_gives_its_formation_a_database_name_and_nodes_without_a_name_get_one()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var session = await monitor.ConnectAsync();

        (await session.RowsAsync("select * from pgautofailover.register_node('default', 'h', 1, 'shop')")).ShouldBe(["1|0|single|100|t|node_1"]);

        (await session.RowsAsync("select dbname from pgautofailover.formation")).ShouldBe(["shop"]);
    }

    [Fact]
    public async Task A_node_id_that_was_asked_for_is_not_handed_out_again()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var first = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001);
        await first.RegisterAsync(", desired_node_id => 41");
        await first.ReportAsync("single");
        var second = new FakeKeeper(first.Session, "b", 6002);

        await second.RegisterAsync();

        (first.NodeId, second.NodeId).ShouldBe((41, 42));
    }

    [Fact]
    public async Task A_dropped_standby_goes_when_its_keeper_has_stopped_and_the_primary_is_alone_again()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();

        (await primary.Session.RowsAsync("select pgautofailover.remove_node('127.0.0.1', 6002)")).ShouldBe(["t"]);
        (await secondary.ReportAsync("secondary")).ShouldBe("dropped");
        (await secondary.ReportAsync("dropped", pgIsRunning: false)).ShouldBe("dropped");

        (await secondary.Session.ErrorAsync($"select pgautofailover.node_active('default', {secondary.NodeId}, 0)")).SqlState.ShouldBe("42704");
        (await primary.ReportAsync("primary")).ShouldBe("single");
        (await primary.Session.RowsAsync("select nodename from pgautofailover.node")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Maintenance_of_a_standby_and_back()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();

        (await primary.Session.RowsAsync($"select pgautofailover.start_maintenance({secondary.NodeId}), pgautofailover.start_maintenance(99)")).ShouldBe(["t|f"]);
        (await secondary.ReportAsync("secondary")).ShouldBe("wait_maintenance");
        (await secondary.ReportAsync("wait_maintenance")).ShouldBe("wait_maintenance");
        (await primary.ReportAsync("primary")).ShouldBe("wait_primary");
        (await primary.ReportAsync("wait_primary")).ShouldBe("wait_primary");
        (await secondary.ReportAsync("wait_maintenance")).ShouldBe("maintenance");
        await secondary.ReportAsync("maintenance");
        (await primary.Session.RowsAsync($"select pgautofailover.stop_maintenance({secondary.NodeId})")).ShouldBe(["t"]);

        (await secondary.ReportAsync("maintenance")).ShouldBe("catchingup");
    }

    [Fact]
    public async Task A_node_is_renamed_and_moved()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();

        (await primary.Session.RowsAsync($"select pgautofailover.update_node_metadata({primary.NodeId}, 'new', null, 7001)")).ShouldBe(["t"]);

        (await secondary.Session.RowsAsync($"select node_name, node_host, node_port from pgautofailover.get_other_nodes({secondary.NodeId})")).ShouldBe(["new|127.0.0.1|7001"]);
        (await secondary.Session.RowsAsync("select description from pgautofailover.last_events(1)")).ShouldHaveSingleItem().ShouldContain("is now node 1 \"new\" (127.0.0.1:7001)");
        (await primary.ReportAsync("primary")).ShouldBe("primary");
    }

    [Fact]
    public async Task Applications_are_told_another_address_and_the_nodes_are_not()
    {
        const string Addresses = "select client_host, client_port from pgautofailover.get_client_addresses()";
        const string Kept = "select nodeid, clienthost, clientport from pgautofailover.client_address order by nodeid";
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();

        (await primary.Session.RowsAsync($"select pgautofailover.set_client_address({primary.NodeId}, 'db1', null)")).ShouldBe(["t"]);
        (await primary.Session.RowsAsync($"select pgautofailover.set_client_address({secondary.NodeId}, null, 6432)")).ShouldBe(["t"]);
        (await primary.Session.RowsAsync(Addresses)).ShouldBe(["db1|6001", "127.0.0.1|6432"]);
        (await primary.Session.RowsAsync("select nodename, description from pgautofailover.last_events(2)")).ShouldBe(
        [
            $"a|Applications are told to find node {primary.NodeId} \"a\" (127.0.0.1:6001) at db1:6001",
            $"b|Applications are told to find node {secondary.NodeId} \"b\" (127.0.0.1:6002) at 127.0.0.1:6432",
        ]);
        (await secondary.Session.RowsAsync($"select node_host, node_port from pgautofailover.get_other_nodes({secondary.NodeId})")).ShouldBe(["127.0.0.1|6001"]);

        // Said again it is no news, and the node's own address may change beside it.
        await primary.Session.RowsAsync($"select pgautofailover.set_client_address({secondary.NodeId}, null, 6432)");
        await primary.Session.RowsAsync($"select pgautofailover.update_node_metadata({secondary.NodeId}, 'new', null, null)");
        (await primary.Session.RowsAsync("select count(*) from pgautofailover.event where description like 'Applications are told%'")).ShouldBe(["2"]);
        (await primary.Session.RowsAsync(Kept)).ShouldBe([$"{primary.NodeId}|db1|", $"{secondary.NodeId}||6432"]);

        // It is taken away, and goes with its node.
        await primary.Session.RowsAsync($"select pgautofailover.set_client_address({primary.NodeId}, null, null)");
        (await primary.Session.RowsAsync(Kept)).ShouldBe([$"{secondary.NodeId}||6432"]);
        await primary.Session.RowsAsync($"select pgautofailover.remove_node({secondary.NodeId}, true)");
        (await primary.Session.RowsAsync(Kept)).ShouldBeEmpty();
        (await primary.Session.RowsAsync(Addresses)).ShouldBe(["127.0.0.1|6001"]);
    }

    [Fact]
    public async Task System_identifiers_are_set_for_a_node_and_for_the_zeros_of_a_group()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var session = await monitor.ConnectAsync();
        await using var superuser = await monitor.ConnectAsync("postgres");
        await session.RowsAsync("select pgautofailover.register_node('default', 'h', 1, 'postgres', 'a')");

        (await session.RowsAsync("select * from pgautofailover.set_node_system_identifier(1, 7000000000000000000)")).ShouldBe(["1|a|h|1"]);
        (await session.RowsAsync("select sysidentifier from pgautofailover.node")).ShouldBe(["7000000000000000000"]);
        await superuser.ExecuteAsync("update pgautofailover.node set sysidentifier = 0");
        (await session.RowsAsync("select * from pgautofailover.set_group_system_identifier(0, 8)")).ShouldBe(["1|a|h|1"]);
        (await session.RowsAsync("select sysidentifier from pgautofailover.node")).ShouldBe(["8"]);
    }

    [Fact]
    public async Task A_formation_is_created_used_and_dropped()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var session = await monitor.ConnectAsync();

        (await session.RowsAsync("select * from pgautofailover.create_formation('two', 'pgsql', 'db', false, 0)")).ShouldBe(["two|pgsql|db|f|0"]);
        (await session.RowsAsync("select * from pgautofailover.register_node('two', 'h', 1, 'db', 'a')")).ShouldBe(["1|0|single|100|t|a"]);
        (await session.ErrorAsync("select * from pgautofailover.register_node('two', 'h', 2, 'db', 'b')")).SqlState.ShouldBe("55000");
        await session.RowsAsync("select pgautofailover.enable_secondary('two')");
        (await session.RowsAsync("select opt_secondary from pgautofailover.formation where formationid = 'two'")).ShouldBe(["t"]);
        (await session.RowsAsync("select pgautofailover.remove_node(1, true)")).ShouldBe(["t"]);
        await session.RowsAsync("select pgautofailover.drop_formation('two')");

        (await session.RowsAsync("select formationid from pgautofailover.formation")).ShouldBe(["default"]);
        (await session.ErrorAsync("select * from pgautofailover.register_node('two', 'h', 2, 'db', 'b')")).SqlState.ShouldBe("42P17");
    }

    [Fact]
    public async Task Replication_settings_pass_through_apply_settings_where_the_primary_has_to_change()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, _) = await monitor.PairAsync();

        (await primary.Session.RowsAsync("select pgautofailover.set_node_candidate_priority('default', 'b', 50)")).ShouldBe(["t"]);
        (await primary.ReportAsync("primary")).ShouldBe("primary");
        (await primary.Session.RowsAsync("select pgautofailover.set_node_replication_quorum('default', 'b', false)")).ShouldBe(["t"]);
        (await primary.ReportAsync("primary")).ShouldBe("apply_settings");
        (await primary.ReportAsync("apply_settings")).ShouldBe("primary");
        await primary.ReportAsync("primary");
        (await primary.Session.RowsAsync("select candidatepriority, replicationquorum from pgautofailover.node where nodename = 'b'")).ShouldBe(["50|f"]);

        (await primary.Session.RowsAsync("select pgautofailover.set_node_replication_quorum('default', 'b', true)")).ShouldBe(["t"]);
        (await primary.ReportAsync("primary")).ShouldBe("apply_settings");
        (await primary.ReportAsync("apply_settings")).ShouldBe("primary");
    }
}
