using Npgsql;
using PgAutoFailover.Monitor.Schema;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

public sealed class SchemaInstallerTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Installing_again_changes_nothing()
    {
        var before = await Session.RowsAsync("select oid, xmin from pg_proc order by oid");

        (await SchemaInstaller.InstallAsync(Session, Address, Cancellation)).ShouldBeFalse();

        (await Session.RowsAsync("select oid, xmin from pg_proc order by oid")).ShouldBe(before);
    }

    [Fact]
    public async Task Functions_of_another_program_are_replaced_and_what_the_tables_hold_is_kept()
    {
        await InsertNodeAsync(1, "single");
        await Session.ExecuteAsync("update pgautofailover_private.schema_version set functions = 'of another program'");
        await Session.ExecuteAsync("create or replace function pgautofailover.start_maintenance(node_id bigint) returns bool language sql as 'select false'");

        (await SchemaInstaller.InstallAsync(Session, Address, Cancellation)).ShouldBeTrue();

        (await Session.RowsAsync("select prosecdef, proisstrict from pg_proc where proname = 'start_maintenance'")).ShouldBe(["t|t"]);
        (await Session.RowsAsync("select nodename from pgautofailover.node")).ShouldBe(["node1"]);
        (await Session.RowsAsync("select tgname from pg_trigger where not tgisinternal order by 1")).ShouldBe(["client_address_edited", "disable_secondary_check", "formation_edited", "node_edited"]);
    }

    [Fact]
    public async Task Tables_of_an_older_program_are_migrated_with_what_they_hold()
    {
        await InsertNodeAsync(1, "single");
        await Session.ExecuteAsync(
            """
            alter table pgautofailover_private.service drop column program_version cascade;
            drop function pgautofailover.program_version();
            drop table pgautofailover_private.terms, pgautofailover_private.home, pgautofailover_private.restored_group, pgautofailover_private.registration,
                pgautofailover.client_address;
            delete from pgautofailover_private.schema_version where version > 1;
            update pgautofailover_private.schema_version set functions = 'of version 1';
            """);

        (await SchemaInstaller.InstallAsync(Session, Address, Cancellation)).ShouldBeTrue();

        (await Session.RowsAsync("select max(version), count(*) from pgautofailover_private.schema_version"))
            .ShouldBe([$"{SchemaInstaller.Version}|{SchemaInstaller.Version}"]);
        (await Session.RowsAsync("select nodename from pgautofailover.node")).ShouldBe(["node1"]);
        (await Session.RowsAsync("select pgautofailover.program_version() ~ '^[0-9]+[.]'")).ShouldBe(["t"]);
        (await Session.RowsAsync("select count(*) from pgautofailover_private.terms")).ShouldBe(["0"]);
        (await Session.RowsAsync("select * from pgautofailover.get_client_addresses()")).ShouldBe(["1|node1|localhost|5501|t"]);
        (await Session.RowsAsync("select has_table_privilege('autoctl_node', 'pgautofailover.client_address', 'select')")).ShouldBe(["t"]);
    }

    [Fact]
    public async Task The_role_of_nodes_makes_no_tables_where_postgres_lets_everybody_make_them()
    {
        var database = await Postgres.CreateDatabaseAsync();
        await using var superuser = await Postgres.ConnectAsync(database);
        await superuser.ExecuteAsync("grant create on schema public to public"); // as it is before version 15

        await SchemaInstaller.InstallAsync(superuser, Address, Cancellation);

        await using var node = await Postgres.ConnectAsync(database, "autoctl_node");
        (await node.ErrorAsync("create table public.x ()")).SqlState.ShouldBe("42501");
    }

    [Fact]
    public async Task The_service_may_move()
    {
        (await SchemaInstaller.InstallAsync(Session, Address with { Port = 9 }, Cancellation)).ShouldBeTrue();

        (await Session.RowsAsync("select host, port from pgautofailover_private.service")).ShouldBe([$"{Address.Directory}|9"]);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        await Session.ExecuteAsync("insert into pgautofailover_private.schema_version (version) values (999)");

        var error = await Should.ThrowAsync<SchemaException>(() => SchemaInstaller.InstallAsync(Session, Address with { Port = 9 }, Cancellation));

        error.Message.ShouldContain("999");
        (await Session.RowsAsync("select port from pgautofailover_private.service")).ShouldBe(["5432"]);
    }

    [Fact]
    public async Task Programs_that_start_together_take_turns()
    {
        var database = await Postgres.CreateDatabaseAsync();
        async Task<bool> InstallAsync()
        {
            await using var connection = await Postgres.ConnectAsync(database);
            return await SchemaInstaller.InstallAsync(connection, Address, Cancellation);
        }

        var changed = await Task.WhenAll(InstallAsync(), InstallAsync(), InstallAsync());

        changed.Count(c => c).ShouldBe(1);
    }

    [Fact]
    public async Task The_role_of_nodes_holds_no_lock_that_keeps_a_program_from_starting()
    {
        await using var node = await Postgres.ConnectAsync(Database, "autoctl_node");
        await node.ExecuteAsync("begin; select from pgautofailover.node, pg_catalog.pg_namespace; select pg_advisory_lock_shared(123589318046563)"); // programs before took that one
        await Session.ExecuteAsync("set lock_timeout = '2s'");

        (await SchemaInstaller.InstallAsync(Session, Address, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_installation_that_fails_leaves_nothing_behind()
    {
        await using var connection = await Postgres.ConnectAsync(await Postgres.CreateDatabaseAsync());
        await connection.ExecuteAsync("create schema pgautofailover"); // in the way, after the first half has been done

        await Should.ThrowAsync<PostgresException>(() => SchemaInstaller.InstallAsync(connection, Address, Cancellation));

        (await connection.RowsAsync("select nspname from pg_namespace where nspname like 'pgautofailover%'")).ShouldBe(["pgautofailover"]);
    }
}
