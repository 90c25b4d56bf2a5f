using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

/// <summary>The role of keepers reads everything and writes only through the functions.</summary>
public sealed class PrivilegeTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    [Theory]
    [InlineData("select from pgautofailover.node, pgautofailover.event, pgautofailover.formation, pgautofailover.settings")]
    [InlineData("select from pgautofailover.current_state(), pgautofailover.formation_settings(), pgautofailover.get_nodes()")]
    public async Task Autoctl_node_reads(string sql)
    {
        await Session.ExecuteAsync("set session authorization autoctl_node");
        await Session.ExecuteAsync(sql);
    }

    [Theory]
    [InlineData("select pgautofailover_private.dblink_connect('host=/tmp')")]
    [InlineData("select pgautofailover_private.dblink('pgautofailover', '{}')")]
    [InlineData("select pgautofailover_private.call('ping', '{}')")]
    [InlineData("select from pgautofailover_private.service")]
    [InlineData("update pgautofailover.node set goalstate = 'primary'")]
    [InlineData("delete from pgautofailover.event")]
    [InlineData("insert into pgautofailover.formation values ('x')")]
    [InlineData("select nextval('pgautofailover.node_nodeid_seq')")]
    [InlineData("create table pgautofailover.x ()")]
    public async Task Autoctl_node_neither_writes_nor_speaks_for_the_service(string sql)
    {
        await Session.ExecuteAsync("set session authorization autoctl_node");
        (await Session.ErrorAsync(sql)).SqlState.ShouldBe("42501");
    }

    [Fact]
    public async Task No_function_of_dblink_is_open_to_everybody_wherever_the_schema_is_opened()
    {
        await Session.ExecuteAsync("grant usage on schema pgautofailover_private to autoctl_node; set session authorization autoctl_node");

        (await Session.RowsAsync(
            "select proname from pg_proc where pronamespace = 'pgautofailover_private'::regnamespace and has_function_privilege(oid, 'execute')"))
            .ShouldBe(["in_base_unit"]);
    }

    [Fact]
    public async Task A_stranger_sees_nothing()
    {
        await Session.ExecuteAsync("create role stranger; set session authorization stranger");

        (await Session.ErrorAsync("select from pgautofailover.node")).SqlState.ShouldBe("42501");
        (await Session.ErrorAsync("select pgautofailover.perform_failover()")).SqlState.ShouldBe("42501");
    }
}
