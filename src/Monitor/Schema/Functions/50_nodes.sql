-- Who is in a group, and who is what. Read from the tables: they answer while the service is down, too.

-- Not strict: without a group, the whole formation. Nodes that are being dropped are listed.
create or replace function pgautofailover.get_nodes
(
    in formation_id text default 'default',
    in group_id int default null,
    out node_id bigint,
    out node_name text,
    out node_host text,
    out node_port int,
    out node_lsn pg_lsn,
    out node_is_primary bool
)
    returns setof record language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if formation_id is null then
        raise exception 'formation_id must not be null' using errcode = 'null_value_not_allowed';
    end if;

    return query
        select n.nodeid, n.nodename, n.nodehost, n.nodeport, n.reportedlsn,
               n.reportedstate in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings')
          from pgautofailover.node as n
         where n.formationid = formation_id and (group_id is null or n.groupid = group_id)
         order by n.nodeid;
end
$$;

-- The node that may take writes, or else the one that is on its way out of that.
create or replace function pgautofailover.get_primary
(
    in formation_id text default 'default',
    in group_id int default 0,
    out primary_node_id bigint,
    out primary_name text,
    out primary_host text,
    out primary_port int
)
    returns record language plpgsql strict
    set search_path = pg_catalog, pg_temp
as $$
begin
    select n.nodeid, n.nodename, n.nodehost, n.nodeport
      into primary_node_id, primary_name, primary_host, primary_port
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = group_id
       and n.goalstate in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings')
     order by n.nodeid
     limit 1;
    if found then
        return;
    end if;

    -- One that is still being demoted goes before one that was.
    select n.nodeid, n.nodename, n.nodehost, n.nodeport
      into primary_node_id, primary_name, primary_host, primary_port
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = group_id and n.goalstate <> 'dropped'
       and n.reportedstate in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings',
                               'draining', 'demote_timeout', 'prepare_maintenance')
     order by n.goalstate = 'demoted', n.nodeid desc
     limit 1;
    if not found then
        raise exception 'group % of formation "%" has no writable node', group_id, left(formation_id, 255);
    end if;
end
$$;

-- The nodes that a node must know of: those it streams from or that stream from it.
create or replace function pgautofailover.get_other_nodes
(
    in nodeid bigint,
    out node_id bigint,
    out node_name text,
    out node_host text,
    out node_port int,
    out node_lsn pg_lsn,
    out node_is_primary bool
)
    returns setof record language plpgsql strict
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if not exists (select from pgautofailover.node as n where n.nodeid = $1) then
        raise exception 'node % is not registered', $1 using errcode = 'undefined_object';
    end if;

    return query
        select o.nodeid, o.nodename, o.nodehost, o.nodeport, o.reportedlsn,
               o.reportedstate in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings')
          from pgautofailover.node as n
          join pgautofailover.node as o on o.formationid = n.formationid and o.groupid = n.groupid and o.nodeid <> n.nodeid
         where n.nodeid = $1 and o.goalstate <> 'dropped'
         order by o.nodeid;
end
$$;

-- The same, of those with one goal state.
create or replace function pgautofailover.get_other_nodes
(
    in nodeid bigint,
    in current_state pgautofailover.replication_state,
    out node_id bigint,
    out node_name text,
    out node_host text,
    out node_port int,
    out node_lsn pg_lsn,
    out node_is_primary bool
)
    returns setof record language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select o.*
      from pgautofailover.get_other_nodes($1) as o
      join pgautofailover.node as n on n.nodeid = o.node_id
     where n.goalstate = $2
     order by o.node_id;
$$;

create or replace function pgautofailover.get_coordinator
(
    in formation_id text default 'default',
    out node_host text,
    out node_port int
)
    returns setof record language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select n.nodehost, n.nodeport
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = 0
       and n.goalstate in ('single', 'wait_primary', 'primary')
       and n.reportedstate in ('single', 'wait_primary', 'primary');
$$;

create or replace function pgautofailover.get_most_advanced_standby
(
    in formationid text default 'default',
    in groupid int default 0,
    out node_id bigint,
    out node_name text,
    out node_host text,
    out node_port int,
    out node_lsn pg_lsn,
    out node_is_primary bool
)
    returns setof record language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select n.nodeid, n.nodename, n.nodehost, n.nodeport, n.reportedlsn, false
      from pgautofailover.node as n
     where n.formationid = $1 and n.groupid = $2 and n.reportedstate = 'report_lsn'
     order by n.reportedlsn desc, n.health desc
     limit 1;
$$;
