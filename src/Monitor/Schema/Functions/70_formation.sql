-- How clients reach a formation, and how its primaries replicate.

-- Where applications find each node: at its own address, where it has no other one for them. What nodes say to each other never goes there, so that
-- get_nodes() and get_primary(), which they ask, do not know of it. Not in 2.0. Not strict: without a group, the whole formation.
create or replace function pgautofailover.get_client_addresses
(
    in formation_id text default 'default',
    in group_id int default null,
    out node_id bigint,
    out node_name text,
    out client_host text,
    out client_port int,
    out node_is_primary bool
)
    returns setof record language sql
    set search_path = pg_catalog, pg_temp
as $$
    select n.node_id, n.node_name, coalesce(c.clienthost, n.node_host), coalesce(c.clientport, n.node_port), n.node_is_primary
      from pgautofailover.get_nodes(formation_id, group_id) as n
      left join pgautofailover.client_address as c on c.nodeid = n.node_id
     order by n.node_id;
$$;

create or replace function pgautofailover.formation_uri
(
    formation_id text default 'default',
    cluster_name text default 'default',
    sslmode text default 'prefer',
    sslrootcert text default '',
    sslcrl text default ''
)
    returns text language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    -- A colon inside a host is an IPv6 address, which a URI wants in brackets. A database may be called anything: its name must not become parameters.
    select 'postgres://'
           || string_agg(
                  case when c.client_host like '%:%' then '[' || c.client_host || ']' else c.client_host end || ':' || c.client_port,
                  ',' order by n.nodeid)
           || '/' || replace(replace(replace(f.dbname, '%', '%25'), '?', '%3F'), '#', '%23') || '?'
           || case when cluster_name = 'default' then 'target_session_attrs=read-write&' else '' end
           || 'sslmode=' || sslmode
           || case when sslrootcert = '' then '' else '&sslrootcert=' || sslrootcert end
           || case when sslcrl = '' then '' else '&sslcrl=' || sslcrl end
      from pgautofailover.node as n
      join pgautofailover.formation as f using (formationid)
      join pgautofailover.get_client_addresses(formation_id, 0) as c on c.node_id = n.nodeid
     where n.formationid = formation_id and n.groupid = 0 and n.nodecluster = cluster_name
     group by f.dbname;
$$;

-- The value that a group's primary is to have; Core's SynchronousStandbyNames says the same of the service's own view.
create or replace function pgautofailover.synchronous_standby_names
(
    formation_id text default 'default',
    group_id int default 0
)
    returns text language plpgsql strict
    set search_path = pg_catalog, pg_temp
as $$
declare
    live int;
    leader record;
    standbys text;
    required int;
    number int;
    members int;
    secondaries int;
begin
    select count(*) into live
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = group_id and n.goalstate <> 'dropped';
    if live = 0 then
        raise exception 'group % of formation "%" has no node', group_id, left(formation_id, 255)
            using errcode = 'invalid_object_definition';
    end if;

    select n.nodeid, n.reportedstate, n.goalstate into leader
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = group_id
       and n.goalstate in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings')
     order by n.nodeid
     limit 1;
    if live = 1 or not found then
        return '';
    end if;

    if leader.reportedstate = 'wait_primary' and leader.goalstate = 'wait_primary' then
        return '';
    end if;

    select greatest(f.number_sync_standbys, 1), f.number_sync_standbys into required, number
      from pgautofailover.formation as f
     where f.formationid = formation_id;
    select count(*), count(*) filter (where n.goalstate = 'secondary') into members, secondaries
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = group_id and n.goalstate <> 'dropped'
       and n.nodeid <> leader.nodeid and n.replicationquorum;
    if members = 0 or (secondaries = 0 and number = 0) then
        return '';
    end if;

    -- Those that are secondary; where they are too few to acknowledge, whoever comes back first.
    select string_agg('pgautofailover_standby_' || n.nodeid, ', ' order by n.candidatepriority desc, n.nodeid) into standbys
      from pgautofailover.node as n
     where n.formationid = formation_id and n.groupid = group_id and n.goalstate <> 'dropped'
       and n.nodeid <> leader.nodeid and n.replicationquorum
       and (n.goalstate = 'secondary' or secondaries < required);
    return format('ANY %s (%s)', required, standbys);
end
$$;

create or replace function pgautofailover.formation_settings
(
    in formation_id text default 'default',
    out context text,
    out group_id int,
    out node_id bigint,
    out nodename text,
    out setting text,
    out value text
)
    returns setof record language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    with node as
    (
        select n.* from pgautofailover.node as n where n.formationid = $1
    ),
    leader as
    (
        select distinct on (n.groupid) n.*
          from node as n
         where n.goalstate in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings')
         order by n.groupid, n.nodeid
    ),
    line (place, context, groupid, nodeid, nodename, setting, value) as
    (
        select 1, 'formation', null::int, null::bigint, f.formationid, 'number_sync_standbys', f.number_sync_standbys::text
          from pgautofailover.formation as f
         where f.formationid = $1
        union all
        select 2, 'primary', l.groupid, l.nodeid, l.nodename, 'synchronous_standby_names',
               format('''%s''', pgautofailover.synchronous_standby_names($1, l.groupid))
          from leader as l
        union all
        select 3, 'node', n.groupid, n.nodeid, n.nodename, 'replication quorum', n.replicationquorum::text from node as n
        union all
        select 4, 'node', n.groupid, n.nodeid, n.nodename, 'candidate priority', n.candidatepriority::text from node as n
    )
    select l.context, l.groupid, l.nodeid, l.nodename, l.setting, l.value
      from line as l
     order by l.place, l.nodeid;
$$;
