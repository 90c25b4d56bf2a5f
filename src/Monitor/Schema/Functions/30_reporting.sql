-- What keepers call: registration, heartbeat, and what they find out about themselves.

-- A keeper names its registration in a setting of its transaction: the arguments are those of 2.0.
create or replace function pgautofailover.register_node
(
    in formation_id text,
    in node_host text,
    in node_port int,
    in dbname name,
    in node_name text default '',
    in sysidentifier bigint default 0,
    in desired_node_id bigint default -1,
    in desired_group_id int default -1,
    in initial_group_role pgautofailover.replication_state default 'init',
    in node_kind text default 'standalone',
    in candidate_priority int default 100,
    in replication_quorum bool default true,
    in node_cluster text default 'default',
    out assigned_node_id bigint,
    out assigned_group_id int,
    out assigned_group_state pgautofailover.replication_state,
    out assigned_candidate_priority int,
    out assigned_replication_quorum bool,
    out assigned_node_name text
)
    returns record language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select r.*
      from jsonb_to_record(pgautofailover_private.call('register_node', json_build_object(
               'formation_id', formation_id, 'node_host', node_host, 'node_port', node_port, 'dbname', dbname,
               'node_name', node_name, 'sysidentifier', sysidentifier, 'desired_node_id', desired_node_id,
               'desired_group_id', desired_group_id, 'initial_group_role', initial_group_role,
               'node_kind', node_kind, 'candidate_priority', candidate_priority,
               'replication_quorum', replication_quorum, 'node_cluster', node_cluster,
               'registration', coalesce(current_setting('pgautofailover.registration', true), ''))))
        as r (assigned_node_id bigint, assigned_group_id int, assigned_group_state pgautofailover.replication_state,
              assigned_candidate_priority int, assigned_replication_quorum bool, assigned_node_name text);
$$;

-- The heartbeat, the one function whose speed matters: plpgsql keeps its plans for the session.
create or replace function pgautofailover.node_active
(
    in formation_id text,
    in node_id bigint,
    in group_id int,
    in current_group_role pgautofailover.replication_state default 'init',
    in current_pg_is_running bool default true,
    in current_tli int default 1,
    in current_lsn pg_lsn default '0/0',
    in current_rep_state text default '',
    in current_evidence jsonb default '{}',
    out assigned_node_id bigint,
    out assigned_group_id int,
    out assigned_group_state pgautofailover.replication_state,
    out assigned_candidate_priority int,
    out assigned_replication_quorum bool
)
    returns record language plpgsql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
declare
    result jsonb;
begin
    result := pgautofailover_private.call('node_active', json_build_object(
        'formation_id', formation_id, 'node_id', node_id, 'group_id', group_id,
        'current_group_role', current_group_role, 'current_pg_is_running', current_pg_is_running,
        'current_tli', current_tli, 'current_lsn', current_lsn, 'current_rep_state', current_rep_state,
        'current_evidence', current_evidence));
    assigned_node_id := result -> 'assigned_node_id';
    assigned_group_id := result -> 'assigned_group_id';
    assigned_group_state := result ->> 'assigned_group_state';
    assigned_candidate_priority := result -> 'assigned_candidate_priority';
    assigned_replication_quorum := result -> 'assigned_replication_quorum';
end
$$;

-- Version of the program that serves, which may be newer than a keeper's. Not in 2.0.
create or replace function pgautofailover.program_version()
    returns text language sql stable strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select program_version from pgautofailover_private.service;
$$;

-- A node's word on a planned change that it was asked about on channel before_change. False where nobody waits for it. Not in 2.0.
create or replace function pgautofailover.answer_before_change(question bigint, node_id bigint, agrees bool, words text)
    returns bool language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('answer_before_change', json_build_object(
        'question', question, 'node_id', node_id, 'agrees', agrees, 'words', words))::bool;
$$;

create or replace function pgautofailover.set_node_system_identifier
(
    in node_id bigint,
    in node_sysidentifier bigint,
    out node_id bigint,
    out node_name text,
    out node_host text,
    out node_port int
)
    returns record language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select r.*
      from jsonb_to_record(pgautofailover_private.call('set_node_system_identifier', json_build_object(
               'node_id', $1, 'node_sysidentifier', $2)))
        as r (node_id bigint, node_name text, node_host text, node_port int);
$$;

create or replace function pgautofailover.set_group_system_identifier
(
    in group_id bigint,
    in node_sysidentifier bigint,
    out node_id bigint,
    out node_name text,
    out node_host text,
    out node_port int
)
    returns setof record language sql strict security definer
    set search_path = pg_catalog, pg_temp
as $$
    select r.*
      from jsonb_to_recordset(pgautofailover_private.call('set_group_system_identifier', json_build_object(
               'group_id', $1, 'node_sysidentifier', $2)))
        as r (node_id bigint, node_name text, node_host text, node_port int);
$$;

-- Not strict: a null keeps what the node has.
create or replace function pgautofailover.update_node_metadata(node_id bigint, node_name text, node_host text, node_port int)
    returns bool language sql security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('update_node_metadata', json_build_object(
        'node_id', $1, 'node_name', $2, 'node_host', $3, 'node_port', $4))::bool;
$$;

-- Where applications find a node, if elsewhere than the other nodes do. Not strict: a null stands for the node's own. Not in 2.0.
create or replace function pgautofailover.set_client_address(node_id bigint, client_host text, client_port int)
    returns bool language sql security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('set_client_address', json_build_object(
        'node_id', $1, 'client_host', $2, 'client_port', $3))::bool;
$$;
