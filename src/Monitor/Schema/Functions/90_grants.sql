-- Reading is open to the role of keepers and the command line; writing goes through the functions.

grant usage on schema pgautofailover to autoctl_node;
grant select on all tables in schema pgautofailover to autoctl_node;
grant execute on all functions in schema pgautofailover to autoctl_node;

-- Functions of the private schema are for the stubs, which run as their owner.
revoke execute on all functions in schema pgautofailover_private from public;

-- The settings view computes with its reader's rights.
grant execute on function pgautofailover_private.in_base_unit(text, text) to public;

-- Nobody needs tables of their own here, nor large objects, and a disk that they filled would stop the monitor.
revoke create on schema public from public;
revoke execute on function pg_catalog.lo_create(oid), pg_catalog.lo_creat(int), pg_catalog.lo_from_bytea(oid, bytea) from public;

do $$
begin
    execute format('revoke temporary on database %I from public', current_database());

    -- Nor does what nodes ask for need files on disk. This only a superuser can set, for the role as for a session of it.
    execute format('alter role autoctl_node in database %I set temp_file_limit to %L', current_database(), '64MB');
end
$$;
