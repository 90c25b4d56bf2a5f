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
    [InlineData("create table public.x ()")]
    [InlineData("create temporary table x ()")]
    [InlineData("create schema x")]
    [InlineData("create database x")]
    [InlineData("create role x superuser")]
    [InlineData("create extension file_fdw")]
    [InlineData("create or replace function pgautofailover.perform_failover(text, int) returns void language sql as ''")]
    [InlineData("alter role autoctl_node superuser")]
    [InlineData("alter table pgautofailover.node disable trigger all")]
    [InlineData("alter system set ssl = off")]
    [InlineData("set role postgres")]
    [InlineData("set session authorization postgres")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("select rolpassword from pg_authid")]
    [InlineData("select passwd from pg_shadow")]
    [InlineData("select pg_read_file('pg_hba.conf')")]
    [InlineData("select pg_ls_dir('.')")]
    [InlineData("select lo_import('/etc/passwd')")]
    [InlineData("select pg_reload_conf()")]
    [InlineData("select lo_create(0)")]
    [InlineData("select lo_creat(-1)")]
    [InlineData("select lo_from_bytea(0, 'x')")]
    [InlineData("set temp_file_limit = -1")]
    [InlineData("alter role autoctl_node set temp_file_limit = -1")]
    [InlineData("copy pgautofailover.node to program 'true'")]
    [InlineData("copy (select 1) to '/tmp/x'")]
    [InlineData("truncate pgautofailover.node cascade")]
    [InlineData("do $$ begin lock table pgautofailover.node in access exclusive mode; end $$")]
    [InlineData("drop schema pgautofailover cascade")]
    [InlineData("do language plpgsql $$ begin perform pgautofailover_private.reconnect(); end $$")]
    public async Task Autoctl_node_neither_writes_nor_speaks_for_the_service(string sql)
    {
        // A session of its own: one of a superuser could take its authorization back.
        await using var session = await Postgres.ConnectAsync(Database, "autoctl_node");
        (await session.ErrorAsync(sql)).SqlState.ShouldBe("42501");
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
    public async Task A_query_of_autoctl_node_cannot_fill_the_disk_of_the_monitor()
    {
        await using var session = await Postgres.ConnectAsync(Database, "autoctl_node");
        await session.ExecuteAsync("set work_mem = '64kB'");

        var error = await session.ErrorAsync("select i from generate_series(1, 100000000) as i order by random()");

        error.SqlState.ShouldBe("53400", error.MessageText); // configuration limit exceeded
    }

    [Fact]
    public async Task A_stranger_sees_nothing()
    {
        await Session.ExecuteAsync("create role stranger; set session authorization stranger");

        (await Session.ErrorAsync("select from pgautofailover.node")).SqlState.ShouldBe("42501");
        (await Session.ErrorAsync("select pgautofailover.perform_failover()")).SqlState.ShouldBe("42501");
    }
}
