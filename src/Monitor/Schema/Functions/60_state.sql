-- What "pg_autoctl show state" and "show events" print.

create or replace function pgautofailover.current_state
(
    in formation_id text default 'default',
    out formation_kind text,
    out nodename text,
    out nodehost text,
    out nodeport int,
    out group_id int,
    out node_id bigint,
    out current_group_state pgautofailover.replication_state,
    out assigned_group_state pgautofailover.replication_state,
    out candidate_priority int,
    out replication_quorum bool,
    out reported_tli int,
    out reported_lsn pg_lsn,
    out health int,
    out nodecluster text
)
    returns setof record language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select f.kind, n.nodename, n.nodehost, n.nodeport, n.groupid, n.nodeid, n.reportedstate, n.goalstate,
           n.candidatepriority, n.replicationquorum, n.reportedtli, n.reportedlsn, n.health, n.nodecluster
      from pgautofailover.node as n
      join pgautofailover.formation as f using (formationid)
     where n.formationid = $1
     order by n.groupid, n.nodeid;
$$;

create or replace function pgautofailover.current_state
(
    in formation_id text,
    in group_id int,
    out formation_kind text,
    out nodename text,
    out nodehost text,
    out nodeport int,
    out group_id int,
    out node_id bigint,
    out current_group_state pgautofailover.replication_state,
    out assigned_group_state pgautofailover.replication_state,
    out candidate_priority int,
    out replication_quorum bool,
    out reported_tli int,
    out reported_lsn pg_lsn,
    out health int,
    out nodecluster text
)
    returns setof record language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select f.kind, n.nodename, n.nodehost, n.nodeport, n.groupid, n.nodeid, n.reportedstate, n.goalstate,
           n.candidatepriority, n.replicationquorum, n.reportedtli, n.reportedlsn, n.health, n.nodecluster
      from pgautofailover.node as n
      join pgautofailover.formation as f using (formationid)
     where n.formationid = $1 and n.groupid = $2
     order by n.groupid, n.nodeid;
$$;

-- The last events, the oldest of them first.
create or replace function pgautofailover.last_events(count int default 10)
    returns setof pgautofailover.event language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select l.*
      from (select e.* from pgautofailover.event as e order by e.eventid desc limit $1) as l
     order by l.eventtime, l.eventid;
$$;

create or replace function pgautofailover.last_events(formation_id text default 'default', count int default 10)
    returns setof pgautofailover.event language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select l.*
      from (select e.* from pgautofailover.event as e where e.formationid = $1 order by e.eventid desc limit $2) as l
     order by l.eventtime, l.eventid;
$$;

create or replace function pgautofailover.last_events(formation_id text, group_id int, count int default 10)
    returns setof pgautofailover.event language sql strict
    set search_path = pg_catalog, pg_temp
as $$
    select l.*
      from (select e.*
              from pgautofailover.event as e
             where e.formationid = $1 and e.groupid = $2
             order by e.eventid desc
             limit $3) as l
     order by l.eventtime, l.eventid;
$$;

-- Why a group is in the state that it is in, and what would happen if a node of it (if_lost), or each of them in turn, were lost now.
create or replace function pgautofailover.explain(formation_id text default 'default', group_id int default 0, if_lost text default null)
    returns jsonb language sql security definer
    set search_path = pg_catalog, pg_temp
as $$
    select pgautofailover_private.call('explain', json_build_object('formation_id', formation_id, 'group_id', group_id, 'if_lost', if_lost));
$$;
