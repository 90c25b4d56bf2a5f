using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

public sealed class ReadFunctionTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    private const string Quorum = ", replicationquorum";
    private const string Priority = ", candidatepriority";

    [Fact]
    public async Task Nodes_are_listed_with_their_role()
    {
        await InsertNodeAsync(1, "primary");
        await InsertNodeAsync(2, "secondary");
        await InsertNodeAsync(3, "secondary", "dropped");

        (await Session.RowsAsync("select * from pgautofailover.get_nodes()"))
            .ShouldBe(["1|node1|localhost|5501|0/0|t", "2|node2|localhost|5502|0/0|f", "3|node3|localhost|5503|0/0|f"]);
        (await Session.RowsAsync("select node_id from pgautofailover.get_nodes('default', 1)")).ShouldBeEmpty();
        (await Session.RowsAsync("select node_id from pgautofailover.get_other_nodes(2)")).ShouldBe(["1"]);
        (await Session.RowsAsync("select node_id from pgautofailover.get_other_nodes(1, 'secondary')")).ShouldBe(["2"]);
        (await Session.ErrorAsync("select pgautofailover.get_other_nodes(9)")).SqlState.ShouldBe("42704");
        (await Session.ErrorAsync("select pgautofailover.get_nodes(null)")).SqlState.ShouldBe("22004");
    }

    [Fact]
    public async Task The_primary_is_the_one_that_may_write_or_else_the_one_on_its_way_out()
    {
        (await Session.ErrorAsync("select pgautofailover.get_primary()")).SqlState.ShouldBe("P0001");
        await InsertNodeAsync(1, "primary", "draining");
        await InsertNodeAsync(2, "secondary", "prepare_promotion");
        (await Session.RowsAsync("select * from pgautofailover.get_primary()")).ShouldBe(["1|node1|localhost|5501"]);

        await Session.ExecuteAsync("update pgautofailover.node set goalstate = 'wait_primary' where nodeid = 2");
        (await Session.RowsAsync("select primary_node_id from pgautofailover.get_primary()")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task The_most_advanced_standby_is_looked_for_among_those_that_report_their_lsn()
    {
        await InsertNodeAsync(1, "secondary", columns: ", reportedlsn", values: ", '0/9'");
        await InsertNodeAsync(2, "report_lsn", columns: ", reportedlsn", values: ", '0/5'");
        await InsertNodeAsync(3, "report_lsn", columns: ", reportedlsn, health", values: ", '0/5', 1");

        (await Session.RowsAsync("select * from pgautofailover.get_most_advanced_standby()")).ShouldBe(["3|node3|localhost|5503|0/5|f"]);
    }

    [Fact]
    public async Task Synchronous_standby_names_of_a_pair_follow_the_standbys_goal()
    {
        (await Session.ErrorAsync("select pgautofailover.synchronous_standby_names()")).SqlState.ShouldBe("42P17");
        await InsertNodeAsync(1, "single");
        await ShouldWaitForAsync("");
        await InsertNodeAsync(2, "wait_standby", "catchingup");
        await Session.ExecuteAsync("update pgautofailover.node set goalstate = 'wait_primary' where nodeid = 1");
        await ShouldWaitForAsync("");
        await Session.ExecuteAsync("update pgautofailover.node set goalstate = 'secondary' where nodeid = 2");
        await ShouldWaitForAsync("ANY 1 (pgautofailover_standby_2)");
        await Session.ExecuteAsync("update pgautofailover.node set replicationquorum = false where nodeid = 2");
        await ShouldWaitForAsync("");
    }

    [Fact]
    public async Task Synchronous_standby_names_of_many_name_the_quorum_by_priority()
    {
        await InsertNodeAsync(1, "primary");
        await InsertNodeAsync(2, "secondary", columns: Priority, values: ", 10");
        await InsertNodeAsync(3, "catchingup");
        await InsertNodeAsync(4, "secondary", columns: Quorum, values: ", false");
        await ShouldWaitForAsync("ANY 1 (pgautofailover_standby_2)");
        await Session.ExecuteAsync("update pgautofailover.node set goalstate = 'secondary' where nodeid = 3");
        await ShouldWaitForAsync("ANY 1 (pgautofailover_standby_3, pgautofailover_standby_2)");
        await Session.ExecuteAsync("update pgautofailover.node set goalstate = 'catchingup' where nodeid = 3");
        await Session.ExecuteAsync("update pgautofailover.formation set number_sync_standbys = 2");
        await ShouldWaitForAsync("ANY 2 (pgautofailover_standby_3, pgautofailover_standby_2)");
        await Session.ExecuteAsync("update pgautofailover.node set goalstate = 'wait_primary', reportedstate = 'wait_primary' where nodeid = 1");
        await ShouldWaitForAsync("");
    }

    [Fact]
    public async Task Formation_settings_come_in_a_fixed_order()
    {
        await InsertNodeAsync(1, "primary");
        await InsertNodeAsync(2, "secondary");

        (await Session.RowsAsync("select * from pgautofailover.formation_settings()")).ShouldBe(
        [
            "formation|||default|number_sync_standbys|0",
            "primary|0|1|node1|synchronous_standby_names|'ANY 1 (pgautofailover_standby_2)'",
            "node|0|1|node1|replication quorum|true",
            "node|0|2|node2|replication quorum|true",
            "node|0|1|node1|candidate priority|100",
            "node|0|2|node2|candidate priority|100",
        ]);
    }

    [Fact]
    public async Task The_uri_names_the_nodes_of_a_cluster()
    {
        (await Session.RowsAsync("select pgautofailover.formation_uri()")).ShouldBe([""]);
        await InsertNodeAsync(1, "primary");
        await InsertNodeAsync(2, "secondary");
        await InsertNodeAsync(3, "secondary", columns: ", nodecluster", values: ", 'reads'");
        await Session.ExecuteAsync("update pgautofailover.node set nodehost = '::1' where nodeid = 2");

        (await Session.RowsAsync("select pgautofailover.formation_uri(sslmode => 'verify-ca', sslrootcert => '/r', sslcrl => '/c')"))
            .ShouldBe(["postgres://localhost:5501,[::1]:5502/postgres?target_session_attrs=read-write&sslmode=verify-ca&sslrootcert=/r&sslcrl=/c"]);
        (await Session.RowsAsync("select pgautofailover.formation_uri('default', 'reads')")).ShouldBe(["postgres://localhost:5503/postgres?sslmode=prefer"]);
    }

    [Fact]
    public async Task The_name_of_a_database_adds_no_parameters_to_the_uri()
    {
        await InsertNodeAsync(1, "primary");
        await Session.ExecuteAsync("update pgautofailover.formation set dbname = 'App db?host=evil&100%#'");

        (await Session.RowsAsync("select pgautofailover.formation_uri()"))
            .ShouldBe(["postgres://localhost:5501/App db%3Fhost=evil&100%25%23?target_session_attrs=read-write&sslmode=prefer"]);
    }

    [Fact]
    public async Task The_uri_has_the_addresses_for_applications_and_what_nodes_ask_has_not()
    {
        await InsertNodeAsync(1, "primary");
        await InsertNodeAsync(2, "secondary");
        await InsertNodeAsync(3, "secondary");
        await Session.ExecuteAsync("insert into pgautofailover.client_address values (1, 'db1.example.com', null), (2, 'fd00::2', 6432), (9, 'gone', 1)");

        (await Session.RowsAsync("select pgautofailover.formation_uri()"))
            .ShouldBe(["postgres://db1.example.com:5501,[fd00::2]:6432,localhost:5503/postgres?target_session_attrs=read-write&sslmode=prefer"]);
        (await Session.RowsAsync("select * from pgautofailover.get_client_addresses('default', 0)"))
            .ShouldBe(["1|node1|db1.example.com|5501|t", "2|node2|fd00::2|6432|f", "3|node3|localhost|5503|f"]);
        (await Session.RowsAsync("select node_host, node_port from pgautofailover.get_other_nodes(3)")).ShouldBe(["localhost|5501", "localhost|5502"]);
        (await Session.RowsAsync("select * from pgautofailover.get_primary()")).ShouldBe(["1|node1|localhost|5501"]);
        (await Session.RowsAsync("select * from pgautofailover.get_coordinator()")).ShouldBe(["localhost|5501"]);
        (await Session.RowsAsync("select nodehost, nodeport from pgautofailover.current_state('default', 0)")).ShouldBe(["localhost|5501", "localhost|5502", "localhost|5503"]);
    }

    [Fact]
    public async Task The_last_events_come_oldest_first()
    {
        await Session.ExecuteAsync(
            """
            insert into pgautofailover.event (formationid, nodeid, groupid, nodename, nodehost, nodeport, reportedstate, goalstate)
            select 'default', i, i % 2, 'n', 'h', 1, 'init', 'single' from generate_series(1, 20) as i
            """);

        (await Session.RowsAsync("select eventid from pgautofailover.last_events(3)")).ShouldBe(["18", "19", "20"]);
        (await Session.RowsAsync("select eventid from pgautofailover.last_events('default', count => 2)")).ShouldBe(["19", "20"]);
        (await Session.RowsAsync("select eventid from pgautofailover.last_events('default', 1, 2)")).ShouldBe(["17", "19"]);
        (await Session.RowsAsync("select eventid from pgautofailover.last_events('other')")).ShouldBeEmpty();

        // As in 2.0: without names, these could be either of two.
        (await Session.ErrorAsync("select pgautofailover.last_events()")).SqlState.ShouldBe("42725");
        (await Session.ErrorAsync("select pgautofailover.last_events('default', 2)")).SqlState.ShouldBe("42725");
    }

    [Fact]
    public async Task The_current_state_is_a_row_for_each_node()
    {
        await InsertNodeAsync(1, "wait_primary", "primary");

        (await Session.RowsAsync("select * from pgautofailover.current_state()"))
            .ShouldBe(["pgsql|node1|localhost|5501|0|1|wait_primary|primary|100|t|1|0/0|-1|default"]);
        (await Session.RowsAsync("select node_id from pgautofailover.current_state('default', 0)")).ShouldBe(["1"]);
        (await Session.RowsAsync("select node_id from pgautofailover.current_state('default', 1)")).ShouldBeEmpty();
    }

    private async Task ShouldWaitForAsync(string standbys) =>
        (await Session.RowsAsync("select pgautofailover.synchronous_standby_names()")).ShouldBe([standbys]);
}
