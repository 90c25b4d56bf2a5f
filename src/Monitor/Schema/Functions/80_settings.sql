-- The parameters of the monitor. 2.0's library defined them; here they are custom parameters that the monitor's
-- configuration file sets, which pg_settings does not list: this view shows them with pg_settings' columns.

-- A custom parameter holds whatever text it was given; this is its value in the parameter's own unit, as pg_settings has it.
-- What cannot be read is shown as it is.
create or replace function pgautofailover_private.in_base_unit(value text, vartype text)
    returns text language sql immutable
    set search_path = pg_catalog, pg_temp
as $$
    select case
        when vartype = 'bool' then
            case
                when lower(value) in ('on', 'true', 'yes', 't', 'y', '1') then 'on'
                when lower(value) in ('off', 'false', 'no', 'f', 'n', '0') then 'off'
                else value
            end
        when part[2] = '' then part[1]
        else coalesce(round(part[1]::numeric * factor)::text, value)
        end
      from (select coalesce(
                       regexp_match(value, '^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d|B|kB|MB|GB|TB|)\s*$'),
                       array[value, '']) as part) as p
      left join (values ('us', 0.001), ('ms', 1), ('s', 1000), ('min', 60000), ('h', 3600000), ('d', 86400000),
                        ('B', 1), ('kB', 1024), ('MB', 1048576), ('GB', 1073741824), ('TB', 1099511627776))
             as u (unit, factor) on u.unit = part[2];
$$;

-- As they were given: what the service looks through for values that cannot be used.
create or replace view pgautofailover_private.given_settings as
    select 'pgautofailover.' || d.name as name,
           pgautofailover_private.in_base_unit(
               coalesce(current_setting('pgautofailover.' || d.name, true), d.boot_val), d.vartype) as setting,
           d.unit,
           'pg_auto_failover'::text as category,
           d.short_desc,
           d.extra_desc,
           'sighup'::text as context,
           d.vartype,
           d.min_val,
           d.max_val,
           d.boot_val
      from (values
               ('enable_health_checks', null, 'bool', null, null, 'on',
                'Whether the monitor probes the PostgreSQL of each node.', null),
               ('enable_sync_wal_log_threshold', null, 'integer', '1', '2147483647', '16777216',
                'How many bytes of WAL a standby may lack when it becomes a synchronous one.', null),
               ('enable_version_checks', null, 'bool', null, null, 'on',
                'Accepted for compatibility.', 'The program installs the schema that it needs, so there is nothing to check.'),
               ('health_check_max_retries', null, 'integer', '1', '100', '2',
                'How many more probes have to fail until a node counts as unhealthy.', null),
               ('health_check_period', 'ms', 'integer', '1', '2147483647', '5000',
                'Time from one probe of a node to the next.', null),
               ('health_check_retry_delay', 'ms', 'integer', '1', '2147483647', '2000',
                'Time from a failed probe to the next try.', null),
               ('health_check_timeout', 'ms', 'integer', '1', '2147483647', '5000',
                'How long a probe waits for an answer.', null),
               ('node_considered_unhealthy_timeout', 'ms', 'integer', '1', '2147483647', '20000',
                'How long a node may be silent until it counts as unhealthy.', null),
               ('primary_demote_timeout', 'ms', 'integer', '1', '2147483647', '30000',
                'How long a primary that does not report may still be running, until its lease is over.', null),
               ('promote_wal_log_threshold', null, 'integer', '1', '2147483647', '16777216',
                'How many bytes of WAL a standby may lack when it is promoted.', null),
               ('replication_stall_timeout', 'ms', 'integer', '1', '2147483647', '10000',
                'How long a standby may fail to stream until it no longer counts as a synchronous one.', null),
               ('startup_grace_period', 'ms', 'integer', '1', '2147483647', '10000',
                'How long after its start the monitor calls no node unhealthy.', null)
           ) as d (name, unit, vartype, min_val, max_val, boot_val, short_desc, extra_desc);

-- As they are in force: for a value that is out of place the service uses the default, and says so in its log.
create or replace view pgautofailover.settings as
    select name,
           case
               when vartype = 'bool' then case when setting in ('on', 'off') then setting else boot_val end
               when setting !~ '^\d+$' then boot_val
               when setting::numeric between min_val::numeric and max_val::numeric then setting
               else boot_val
           end as setting,
           unit, category, short_desc, extra_desc, context, vartype, min_val, max_val, boot_val
      from pgautofailover_private.given_settings;
