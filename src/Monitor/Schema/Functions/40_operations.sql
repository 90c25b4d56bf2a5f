-- What operators call. Each one hands its arguments to the service, which decides.

create or replace function pgautofailover.remove_node(node_id bigint, force bool default false)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('remove_node', json_build_object('node_id', node_id, 'force', force))::bool;
$$;

create or replace function pgautofailover.remove_node(node_host text, node_port int default 5432, force bool default false)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('remove_node', json_build_object(
        'node_host', node_host, 'node_port', node_port, 'force', force))::bool;
$$;

create or replace function pgautofailover.perform_failover(formation_id text default 'default', group_id int default 0)
    returns void language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('perform_failover', json_build_object('formation_id', formation_id, 'group_id', group_id));
$$;

-- Gives up what only lost nodes hold, where the group cannot serve otherwise.
create or replace function pgautofailover.perform_failover_with_data_loss(formation_id text default 'default', group_id int default 0)
    returns void language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('perform_failover_with_data_loss', json_build_object('formation_id', formation_id, 'group_id', group_id));
$$;

create or replace function pgautofailover.perform_promotion(formation_id text, node_name text)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('perform_promotion', json_build_object(
        'formation_id', formation_id, 'node_name', node_name))::bool;
$$;

create or replace function pgautofailover.start_maintenance(node_id bigint)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('start_maintenance', json_build_object('node_id', node_id))::bool;
$$;

create or replace function pgautofailover.stop_maintenance(node_id bigint)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('stop_maintenance', json_build_object('node_id', node_id))::bool;
$$;

create or replace function pgautofailover.set_node_candidate_priority(formation_id text, node_name text, candidate_priority int)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('set_node_candidate_priority', json_build_object(
        'formation_id', formation_id, 'node_name', node_name, 'candidate_priority', candidate_priority))::bool;
$$;

create or replace function pgautofailover.set_node_replication_quorum(formation_id text, node_name text, replication_quorum bool)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('set_node_replication_quorum', json_build_object(
        'formation_id', formation_id, 'node_name', node_name, 'replication_quorum', replication_quorum))::bool;
$$;

create or replace function pgautofailover.set_formation_number_sync_standbys(formation_id text, number_sync_standbys int)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('set_formation_number_sync_standbys', json_build_object(
        'formation_id', formation_id, 'number_sync_standbys', number_sync_standbys))::bool;
$$;

create or replace function pgautofailover.create_formation
(
    in formation_id text,
    in kind text,
    in dbname name,
    in opt_secondary bool,
    in number_sync_standbys int,
    out formation_id text,
    out kind text,
    out dbname name,
    out opt_secondary bool,
    out number_sync_standbys int
)
    returns record language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select r.*
      from jsonb_to_record(pgautofailover_private.call('create_formation', json_build_object(
               'formation_id', $1, 'kind', $2, 'dbname', $3, 'opt_secondary', $4, 'number_sync_standbys', $5)))
        as r (formation_id text, kind text, dbname name, opt_secondary bool, number_sync_standbys int);
$$;

create or replace function pgautofailover.drop_formation(formation_id text)
    returns void language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('drop_formation', json_build_object('formation_id', formation_id));
$$;

create or replace function pgautofailover.enable_secondary(formation_id text)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('enable_secondary', json_build_object('formation_id', formation_id))::bool;
$$;

create or replace function pgautofailover.disable_secondary(formation_id text)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('disable_secondary', json_build_object('formation_id', formation_id))::bool;
$$;
