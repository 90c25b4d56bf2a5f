using Npgsql;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>What the SQL API refuses, with which SQLSTATE, and that a refusal leaves nothing behind.</summary>
public sealed class RefusalTests(ThrowawayPostgres postgres)
{
    [Theory]
    [InlineData("node_active('default', 99, 0)", "42704")]
    [InlineData("node_active('other', 1, 0)", "42P17")]
    [InlineData("node_active('default', 1, 0, 'primary', true, 1, '0/0', 'sometimes')", "22023")]
    [InlineData("node_active('default', 1, 0, 'primary', true, -1)", "22023")]
    [InlineData("register_node('nowhere', 'h', 1, 'postgres')", "42P17")]
    [InlineData("register_node('default', 'h', 1, 'postgres', node_kind => 'odd')", "22023")]
    [InlineData("register_node('default', 'h', 1, 'postgres', node_kind => 'worker')", "XX000")]
    [InlineData("register_node('default', 'h', 1, 'otherdb')", "XX000")]
    [InlineData("register_node('default', 'h', 1, 'postgres', desired_group_id => 1)", "22023")]
    [InlineData("set_node_system_identifier(99, 1)", "42704")]
    [InlineData("set_node_system_identifier(1, 8)", "23P01")]
    [InlineData("update_node_metadata(99, 'a', 'h', 1)", "42704")]
    [InlineData("update_node_metadata(null, 'a', 'h', 1)", "XX000")]
    [InlineData("update_node_metadata(1, 'b', null, null)", "23505")]
    [InlineData("update_node_metadata(1, null, '127.0.0.1', 6002)", "23505")]
    [InlineData("set_client_address(99, 'h', 1)", "42704")]
    [InlineData("set_client_address(1, 'all', null)", "22023")]
    [InlineData("set_client_address(1, '', null)", "22023")]
    [InlineData("set_client_address(1, null, 65536)", "22023")]
    [InlineData("remove_node(99)", "42704")]
    [InlineData("remove_node('elsewhere', 1)", "42704")]
    [InlineData("perform_failover('default', 1)", "XX000")]
    [InlineData("perform_failover('nowhere', 0)", "XX000")]
    [InlineData("perform_promotion('default', 'c')", "42704")]
    [InlineData("stop_maintenance(1)", "55000")]
    [InlineData("set_node_candidate_priority('default', 'c', 1)", "42704")]
    [InlineData("set_node_candidate_priority('default', 'a', 101)", "22023")]
    [InlineData("set_node_replication_quorum('default', 'c', true)", "42704")]
    [InlineData("set_formation_number_sync_standbys('nowhere', 1)", "22023")]
    [InlineData("set_formation_number_sync_standbys('default', -1)", "22023")]
    [InlineData("set_formation_number_sync_standbys('default', 1)", "22023")]
    [InlineData("create_formation('default', 'pgsql', 'postgres', true, 0)", "23505")]
    [InlineData("create_formation('f', 'odd', 'postgres', true, 0)", "22023")]
    [InlineData("create_formation('f', 'unknown', 'postgres', true, 0)", "23514")]
    [InlineData("drop_formation('nowhere')", "XX000")]
    [InlineData("drop_formation('default')", "23503")]
    [InlineData("disable_secondary('default')", "55000")]
    public async Task Refused(string call, string sqlState)
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, _) = await monitor.PairAsync();
        var before = await StateAsync(primary.Session);

        // In a session of its own: the driver closes one in which an internal error (XX000) was reported.
        await using var session = await monitor.ConnectAsync();
        var error = await session.ErrorAsync($"select * from pgautofailover.{call}");

        error.SqlState.ShouldBe(sqlState);
        (await StateAsync(primary.Session)).ShouldBe(before);
        (await primary.ReportAsync("primary")).ShouldBe("primary");
    }

    [Fact]
    public async Task A_second_node_has_to_wait_until_the_first_can_be_followed()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, secondary) = await monitor.PairAsync();
        await primary.Session.RowsAsync($"select pgautofailover.remove_node({secondary.NodeId}, true)");
        await primary.Session.RowsAsync($"select pgautofailover.remove_node({primary.NodeId})");

        var error = await primary.Session.ErrorAsync("select pgautofailover.register_node('default', '127.0.0.1', 6003, 'postgres', candidate_priority => 0)");

        error.SqlState.ShouldBe("55006");
        error.Hint.ShouldNotBeNull();
    }

    [Fact]
    public async Task Duplicates_are_refused_in_the_words_of_postgres()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var first = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001);
        await first.RegisterAsync();

        (await first.Session.ErrorAsync("select pgautofailover.register_node('default', '127.0.0.1', 6001, 'postgres')")).MessageText
            .ShouldContain("node_nodehost_nodeport_key");
        (await first.Session.ErrorAsync("select pgautofailover.register_node('default', '127.0.0.1', 6002, 'postgres', 'a')")).MessageText
            .ShouldContain("node_formationid_nodename_key");
        var foreign = await first.Session.ErrorAsync("select pgautofailover.register_node('default', '127.0.0.1', 6002, 'postgres', sysidentifier => 8)");
        foreign.SqlState.ShouldBe("23P01");
        foreign.MessageText.ShouldContain("system identifier 8");
        (await first.Session.RowsAsync("select count(*) from pgautofailover.node")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_promotion_of_the_primary_is_a_notice_and_false()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (primary, _) = await monitor.PairAsync();
        PostgresNotice? notice = null;
        primary.Session.Notice += (_, e) => notice = e.Notice;

        (await primary.Session.RowsAsync("select pgautofailover.perform_promotion('default', 'a')")).ShouldBe(["f"]);

        notice.ShouldNotBeNull().SqlState.ShouldBe("55000");
    }

    private static Task<List<string>> StateAsync(NpgsqlConnection session) => session.RowsAsync(
        """
        select formationid, kind, dbname, opt_secondary, number_sync_standbys, nodeid, nodename, nodehost, nodeport, sysidentifier,
               reportedstate, goalstate, candidatepriority, replicationquorum
          from pgautofailover.formation left join pgautofailover.node using (formationid) order by nodeid
        """);
}
