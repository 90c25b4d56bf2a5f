using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Schema;

/// <summary>Names, types, defaults and order are an interface: clients of 2.0 rely on them.</summary>
public sealed class SchemaObjectsTests(ThrowawayPostgres postgres) : InstalledSchema(postgres)
{
    [Fact]
    public async Task The_functions_of_2_0_are_there_and_few_others() =>
        (await Session.RowsAsync("set search_path = public; select oid::regprocedure from pg_proc where pronamespace = 'pgautofailover'::regnamespace order by oid::regprocedure::text collate \"C\""))
            .ShouldBe(
            [
                "pgautofailover.answer_before_change(bigint,bigint,boolean,text)",
                "pgautofailover.create_formation(text,text,name,boolean,integer)",
                "pgautofailover.current_state(text)",
                "pgautofailover.current_state(text,integer)",
                "pgautofailover.disable_secondary(text)",
                "pgautofailover.drop_formation(text)",
                "pgautofailover.enable_secondary(text)",
                "pgautofailover.explain(text,integer,text)",
                "pgautofailover.formation_settings(text)",
                "pgautofailover.formation_uri(text,text,text,text,text)",
                "pgautofailover.get_client_addresses(text,integer)",
                "pgautofailover.get_coordinator(text)",
                "pgautofailover.get_most_advanced_standby(text,integer)",
                "pgautofailover.get_nodes(text,integer)",
                "pgautofailover.get_other_nodes(bigint)",
                "pgautofailover.get_other_nodes(bigint,pgautofailover.replication_state)",
                "pgautofailover.get_primary(text,integer)",
                "pgautofailover.last_events(integer)",
                "pgautofailover.last_events(text,integer)",
                "pgautofailover.last_events(text,integer,integer)",
                "pgautofailover.node_active(text,bigint,integer,pgautofailover.replication_state,boolean,integer,pg_lsn,text,jsonb)",
                "pgautofailover.perform_failover(text,integer)",
                "pgautofailover.perform_failover_with_data_loss(text,integer)",
                "pgautofailover.perform_promotion(text,text)",
                "pgautofailover.program_version()",
                "pgautofailover.register_node(text,text,integer,name,text,bigint,bigint,integer,pgautofailover.replication_state,text,integer,boolean,text)",
                "pgautofailover.remove_node(bigint,boolean)",
                "pgautofailover.remove_node(text,integer,boolean)",
                "pgautofailover.set_client_address(bigint,text,integer)",
                "pgautofailover.set_formation_number_sync_standbys(text,integer)",
                "pgautofailover.set_group_system_identifier(bigint,bigint)",
                "pgautofailover.set_node_candidate_priority(text,text,integer)",
                "pgautofailover.set_node_replication_quorum(text,text,boolean)",
                "pgautofailover.set_node_system_identifier(bigint,bigint)",
                "pgautofailover.start_maintenance(bigint)",
                "pgautofailover.stop_maintenance(bigint)",
                "pgautofailover.synchronous_standby_names(text,integer)",
                "pgautofailover.update_node_metadata(bigint,text,text,integer)",
                "pgautofailover.update_secondary_check()",
            ]);

    [Theory]
    [InlineData("register_node", "formation_id text, node_host text, node_port integer, dbname name, node_name text DEFAULT ''::text, sysidentifier bigint DEFAULT 0, desired_node_id bigint DEFAULT '-1'::integer, desired_group_id integer DEFAULT '-1'::integer, initial_group_role pgautofailover.replication_state DEFAULT 'init'::pgautofailover.replication_state, node_kind text DEFAULT 'standalone'::text, candidate_priority integer DEFAULT 100, replication_quorum boolean DEFAULT true, node_cluster text DEFAULT 'default'::text, OUT assigned_node_id bigint, OUT assigned_group_id integer, OUT assigned_group_state pgautofailover.replication_state, OUT assigned_candidate_priority integer, OUT assigned_replication_quorum boolean, OUT assigned_node_name text")]
    [InlineData("node_active", "formation_id text, node_id bigint, group_id integer, current_group_role pgautofailover.replication_state DEFAULT 'init'::pgautofailover.replication_state, current_pg_is_running boolean DEFAULT true, current_tli integer DEFAULT 1, current_lsn pg_lsn DEFAULT '0/0'::pg_lsn, current_rep_state text DEFAULT ''::text, current_evidence jsonb DEFAULT '{}'::jsonb, OUT assigned_node_id bigint, OUT assigned_group_id integer, OUT assigned_group_state pgautofailover.replication_state, OUT assigned_candidate_priority integer, OUT assigned_replication_quorum boolean")]
    [InlineData("get_nodes", "formation_id text DEFAULT 'default'::text, group_id integer DEFAULT NULL::integer, OUT node_id bigint, OUT node_name text, OUT node_host text, OUT node_port integer, OUT node_lsn pg_lsn, OUT node_is_primary boolean")]
    [InlineData("get_primary", "formation_id text DEFAULT 'default'::text, group_id integer DEFAULT 0, OUT primary_node_id bigint, OUT primary_name text, OUT primary_host text, OUT primary_port integer")]
    [InlineData("perform_failover", "formation_id text DEFAULT 'default'::text, group_id integer DEFAULT 0")]
    [InlineData("formation_uri", "formation_id text DEFAULT 'default'::text, cluster_name text DEFAULT 'default'::text, sslmode text DEFAULT 'prefer'::text, sslrootcert text DEFAULT ''::text, sslcrl text DEFAULT ''::text")]
    [InlineData("formation_settings", "formation_id text DEFAULT 'default'::text, OUT context text, OUT group_id integer, OUT node_id bigint, OUT nodename text, OUT setting text, OUT value text")]
    public async Task Arguments_keep_their_names_and_defaults(string function, string arguments) =>
        (await Session.RowsAsync($"set search_path = public; select pg_get_function_arguments(oid) from pg_proc where proname = '{function}'")).ShouldBe([arguments]);

    [Fact]
    public async Task Only_the_functions_that_take_null_are_not_strict() =>
        (await Session.RowsAsync(
            "select proname from pg_proc where pronamespace = 'pgautofailover'::regnamespace and not proisstrict and prorettype <> 'trigger'::regtype order by 1"))
            .ShouldBe(["explain", "get_client_addresses", "get_nodes", "set_client_address", "update_node_metadata"]);

    [Fact]
    public async Task Functions_that_write_run_as_their_owner_with_a_fixed_search_path() =>
        (await Session.RowsAsync(
            """
            select proname from pg_proc
             where pronamespace = 'pgautofailover'::regnamespace and prosrc like '%pgautofailover_private%'
               and not (prosecdef and proconfig = '{"search_path=pg_catalog, pg_temp"}')
            """)).ShouldBeEmpty();

    [Fact]
    public async Task The_states_are_those_of_Core_in_the_same_order() =>
        (await Session.RowsAsync("select unnest(enum_range(null::pgautofailover.replication_state))")).ShouldBe(NodeStates.All.Select(s => s.ToWire()));

    [Theory]
    [InlineData("formation", "formationid text not null default 'default'::text; kind text not null default 'pgsql'::text; dbname name not null default 'postgres'::name; opt_secondary boolean not null default true; number_sync_standbys integer not null default 0")]
    [InlineData("node", "formationid text not null default 'default'::text; nodeid bigint not null default nextval('pgautofailover.node_nodeid_seq'::regclass); groupid integer not null; nodename text not null; nodehost text not null; nodeport integer not null; sysidentifier bigint; goalstate pgautofailover.replication_state not null default 'init'::pgautofailover.replication_state; reportedstate pgautofailover.replication_state not null; reportedpgisrunning boolean default true; reportedrepstate text default 'async'::text; reporttime timestamp with time zone not null default now(); reportedtli integer not null default 1; reportedlsn pg_lsn not null default '0/0'::pg_lsn; walreporttime timestamp with time zone not null default now(); health integer not null default '-1'::integer; healthchecktime timestamp with time zone not null default now(); statechangetime timestamp with time zone not null default now(); candidatepriority integer not null default 100; replicationquorum boolean not null default true; nodecluster text not null default 'default'::text")]
    [InlineData("event", "eventid bigint not null default nextval('pgautofailover.event_eventid_seq'::regclass); eventtime timestamp with time zone not null default now(); formationid text not null; nodeid bigint not null; groupid integer not null; nodename text not null; nodehost text not null; nodeport integer not null; reportedstate pgautofailover.replication_state not null; goalstate pgautofailover.replication_state not null; reportedrepstate text; reportedtli integer not null default 1; reportedlsn pg_lsn not null default '0/0'::pg_lsn; candidatepriority integer; replicationquorum boolean; description text")]
    public async Task Tables_have_the_columns_of_2_0(string table, string columns) =>
        string.Join("; ", await Session.RowsAsync(
            $"""
            set search_path = public;
            select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
                   || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
              from pg_attribute as a
              left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where a.attrelid = 'pgautofailover.{table}'::regclass and a.attnum > 0
             order by a.attnum
            """)).ShouldBe(columns);

    [Fact]
    public async Task Constraints_have_the_names_of_2_0() =>
        (await Session.RowsAsync(
            """
            select conname, contype, condeferred from pg_constraint
             where connamespace = 'pgautofailover'::regnamespace and contype <> 'n' and conrelid <> 'pgautofailover.client_address'::regclass order by 1
            """))
            .ShouldBe(
            [
                "event_pkey|p|f", "event_reportedtli_check|c|f", "formation_kind_check|c|f", "formation_pkey|p|f", "node_formationid_fkey|f|f",
                "node_formationid_nodename_key|u|f", "node_nodehost_nodeport_key|u|f", "node_pkey|p|f", "node_reportedtli_check|c|f",
                "same_system_identifier_within_group|x|t", "system_identifier_is_null_at_init_only|c|f",
            ]);

    [Fact]
    public async Task A_formation_with_secondaries_keeps_them()
    {
        await InsertNodeAsync(1, "primary");

        var error = await Session.ErrorAsync("update pgautofailover.formation set opt_secondary = false");

        error.SqlState.ShouldBe("55000");
        error.Detail.ShouldBe("Node 1 is in state primary.");
        await Session.ExecuteAsync("update pgautofailover.node set reportedstate = 'single'");
        await Session.ExecuteAsync("update pgautofailover.formation set opt_secondary = false");
    }
}
