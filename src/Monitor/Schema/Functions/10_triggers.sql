-- What guards and what watches edits of the tables.

-- Secondaries cannot be forbidden while a formation still has them.
create or replace function pgautofailover.update_secondary_check()
    returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    other record;
begin
    if old.opt_secondary and not new.opt_secondary then
        select n.nodeid, n.reportedstate into other
          from pgautofailover.node as n
         where n.formationid = old.formationid and n.reportedstate <> 'single' and n.goalstate <> 'dropped'
         order by n.nodeid
         limit 1;
        if found then
            raise exception 'formation "%" has nodes that are not in state single', old.formationid
                using errcode = 'object_not_in_prerequisite_state',
                      detail = format('Node %s is in state %s.', other.nodeid, other.reportedstate),
                      hint = 'Drop the secondaries before you disable them.';
        end if;
    end if;
    return new;
end
$$;

create or replace function pgautofailover_private.notify_edit()
    returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('pgautofailover_edit', '');
    return null;
end
$$;

do $$
declare
    edited text;
begin
    if not exists (select from pg_catalog.pg_trigger where tgname = 'disable_secondary_check' and tgrelid = 'pgautofailover.formation'::regclass) then
        create trigger disable_secondary_check before update on pgautofailover.formation
            for each row execute function pgautofailover.update_secondary_check();
    end if;

    -- An operator may edit a table with psql. The service knows what it wrote itself.
    foreach edited in array array['formation', 'node', 'client_address'] loop
        if not exists (select from pg_catalog.pg_trigger where tgname = edited || '_edited' and tgrelid = ('pgautofailover.' || edited)::regclass) then
            execute format(
                $trigger$
                create trigger %I after insert or update or delete or truncate on pgautofailover.%I for each statement
                    when (current_setting('application_name') <> 'pg_autoctl monitor service')
                    execute function pgautofailover_private.notify_edit()
                $trigger$, edited || '_edited', edited);
        end if;
    end loop;
end
$$;
