-- Reading is open to the role of keepers and the command line; writing goes through the functions.

grant usage on schema pgautofailover to autoctl_node;
grant select on all tables in schema pgautofailover to autoctl_node;
grant execute on all functions in schema pgautofailover to autoctl_node;

-- Functions of the private schema are for the stubs, which run as their owner.
revoke execute on all functions in schema pgautofailover_private from public;

-- The settings view computes with its reader's rights.
grant execute on function pgautofailover_private.in_base_unit(text, text) to public;

-- Nobody needs tables of their own here, and a disk that they filled would stop the monitor.
revoke create on schema public from public;

do $$
begin
    execute format('revoke temporary on database %I from public', current_database());
end
$$;
