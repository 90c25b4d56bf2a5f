-- The monitor's tables, as pg_auto_failover 2.0 has them: same names, columns, defaults, constraints and triggers.
-- Runs once. A later change is a file of its own with the next number; functions live in ../Functions and are replaced.

create extension if not exists btree_gist with schema public;

create schema pgautofailover_private;
comment on schema pgautofailover_private is 'How the SQL API reaches the service of the monitor; for superusers only.';
revoke all on schema pgautofailover_private from public;

create extension dblink with schema pgautofailover_private;

-- dblink would let anybody who may call it speak for the service's socket: autoctl_node can neither name its functions
-- (no USAGE on the schema) nor execute them.
revoke execute on all functions in schema pgautofailover_private from public;

create table pgautofailover_private.schema_version
(
    version     int not null primary key,
    installed   timestamptz not null default now(),
    functions   text not null default ''
);
comment on column pgautofailover_private.schema_version.functions is 'SHA-256 of the functions that were installed last.';

-- Where the service listens: host is the directory of a unix socket, port the number in the socket's name.
create table pgautofailover_private.service
(
    host    text not null,
    port    int not null,
    one_row bool not null primary key default true check (one_row)
);

create schema pgautofailover;

create type pgautofailover.replication_state as enum
(
    'unknown', 'init', 'single', 'wait_primary', 'primary', 'draining', 'demote_timeout', 'demoted', 'catchingup',
    'secondary', 'prepare_promotion', 'stop_replication', 'wait_standby', 'maintenance', 'join_primary',
    'apply_settings', 'prepare_maintenance', 'wait_maintenance', 'report_lsn', 'fast_forward', 'join_secondary',
    'dropped'
);

create table pgautofailover.formation
(
    formationid          text not null default 'default',
    kind                 text not null default 'pgsql',
    dbname               name not null default 'postgres',
    opt_secondary        bool not null default true,
    number_sync_standbys int not null default 0,
    primary key (formationid),
    constraint formation_kind_check check (kind in ('pgsql', 'citus'))
);

insert into pgautofailover.formation default values;

create table pgautofailover.node
(
    formationid         text not null default 'default' references pgautofailover.formation (formationid),
    nodeid              bigserial,
    groupid             int not null,
    nodename            text not null,
    nodehost            text not null,
    nodeport            int not null,
    sysidentifier       bigint,
    goalstate           pgautofailover.replication_state not null default 'init',
    reportedstate       pgautofailover.replication_state not null,
    reportedpgisrunning bool default true,
    reportedrepstate    text default 'async',
    reporttime          timestamptz not null default now(),
    reportedtli         int not null default 1 check (reportedtli > 0),
    reportedlsn         pg_lsn not null default '0/0',
    walreporttime       timestamptz not null default now(),
    health              int not null default -1,
    healthchecktime     timestamptz not null default now(),
    statechangetime     timestamptz not null default now(),
    candidatepriority   int not null default 100,
    replicationquorum   bool not null default true,
    nodecluster         text not null default 'default',
    primary key (nodeid),
    unique (formationid, nodename),
    unique (nodehost, nodeport),

    -- A standby has no data directory, and so no system identifier, until its base backup is done.
    constraint system_identifier_is_null_at_init_only check
    (
        (sysidentifier is null and reportedstate in ('init', 'wait_standby', 'catchingup', 'dropped'))
        or sysidentifier is not null
    ),

    -- Nodes of a group hold copies of one cluster. Deferred, so that all of them can change in one transaction.
    constraint same_system_identifier_within_group exclude using gist
        (formationid with =, groupid with =, sysidentifier with <>)
        deferrable initially deferred
)
-- Few rows, updated about once a second each: room for the new version on the same page.
with (fillfactor = 25);

-- Nodes whose reported state equals their goal by chance: the goal was taken back and given again, and their keeper has not
-- reported since it heard of that. They do not count as having reached their goal. Without a foreign key, so that a TRUNCATE of
-- the nodes stays possible; ids are never used again, so a row that is left over harms nobody.
create table pgautofailover_private.unconfirmed_goal
(
    nodeid bigint not null primary key
);

create table pgautofailover.event
(
    eventid           bigserial,
    eventtime         timestamptz not null default now(),
    formationid       text not null,
    nodeid            bigint not null,
    groupid           int not null,
    nodename          text not null,
    nodehost          text not null,
    nodeport          int not null,
    reportedstate     pgautofailover.replication_state not null,
    goalstate         pgautofailover.replication_state not null,
    reportedrepstate  text,
    reportedtli       int not null default 1 check (reportedtli > 0),
    reportedlsn       pg_lsn not null default '0/0',
    candidatepriority int,
    replicationquorum bool,
    description       text,
    primary key (eventid)
);

-- The role of keepers and of the command line. Roles belong to the whole server: it may be there already, or be made by
-- another database's installation at this moment.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'autoctl_node') then
        create role autoctl_node with login;
    end if;
exception
    when duplicate_object or unique_violation then null;
end
$$;
