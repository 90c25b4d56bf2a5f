-- How a function of the SQL API reaches the service: over one dblink connection that the session keeps. The service sees that
-- connection end together with the session, which tells it that a keeper is gone.
--
-- A request travels as the text of a simple query, the answer comes back as one json column. The service commits what it
-- decides in a transaction of its own: rolling back the caller's does not undo it.

-- Opens the session's connection anew.
create or replace function pgautofailover_private.reconnect()
    returns void language plpgsql
as $$
declare
    conninfo text;
    why text;
begin
    if 'pgautofailover' = any (pgautofailover_private.dblink_get_connections()) then
        perform pgautofailover_private.dblink_disconnect('pgautofailover');
    end if;

    select format(
               'host=%L port=%s dbname=service user=service sslmode=disable gssencmode=disable connect_timeout=5',
               s.host, s.port)
      into conninfo
      from pgautofailover_private.service as s;

    perform pgautofailover_private.dblink_connect('pgautofailover', conninfo);
exception
    when connection_exception then
        get stacked diagnostics why = pg_exception_detail;
        raise exception 'the service of the monitor is not running'
            using errcode = 'connection_failure',
                  detail = why,
                  hint = 'Start it with "pg_autoctl run" on the monitor.';
end
$$;

-- Makes sure that the session's connection works, so that what is sent next is sent once.
create or replace function pgautofailover_private.ensure_connected()
    returns void language plpgsql
as $$
begin
    if 'pgautofailover' = any (pgautofailover_private.dblink_get_connections()) then
        begin
            perform from pgautofailover_private.dblink('pgautofailover', '{"fn":"ping"}') as t (reply json);
            return;
        exception
            when others then null;
        end;
    end if;
    perform pgautofailover_private.reconnect();
end
$$;

-- Remarks of the service become notices of the session. RAISE takes no null, hence the cases.
create or replace function pgautofailover_private.raise_notices(notices jsonb)
    returns void language plpgsql
as $$
declare
    remark record;
    text_of text;
begin
    for remark in
        select * from jsonb_to_recordset(notices) as n (severity text, sqlstate text, message text, detail text, hint text)
    loop
        text_of := coalesce(remark.sqlstate, '00000');
        case
            when remark.severity = 'WARNING' and remark.detail is null and remark.hint is null then
                raise warning using errcode = text_of, message = remark.message;
            when remark.severity = 'WARNING' and remark.hint is null then
                raise warning using errcode = text_of, message = remark.message, detail = remark.detail;
            when remark.severity = 'WARNING' and remark.detail is null then
                raise warning using errcode = text_of, message = remark.message, hint = remark.hint;
            when remark.severity = 'WARNING' then
                raise warning using errcode = text_of, message = remark.message, detail = remark.detail, hint = remark.hint;
            when remark.detail is null and remark.hint is null then
                raise notice using errcode = text_of, message = remark.message;
            when remark.hint is null then
                raise notice using errcode = text_of, message = remark.message, detail = remark.detail;
            when remark.detail is null then
                raise notice using errcode = text_of, message = remark.message, hint = remark.hint;
            else
                raise notice using errcode = text_of, message = remark.message, detail = remark.detail, hint = remark.hint;
        end case;
    end loop;
end
$$;

-- Sends one request and returns its result; SQL's null for void and null. Errors of the service pass through as they are.
create or replace function pgautofailover_private.call(fn text, args json)
    returns jsonb language plpgsql
as $$
declare
    request constant text := json_build_object(
        'fn', fn, 'args', args, 'user', session_user, 'pid', pg_backend_pid(),
        -- Looked at only where it matters: a value that is none must not stop a heartbeat.
        'skip_hooks', case when fn ~ '^perform_|^start_' then nullif(current_setting('pgautofailover.skip_hooks', true), '')::bool end);
    repeatable constant bool := fn in ('node_active', 'explain');
    reply jsonb;
begin
    -- The service writes, whatever the transaction of the caller says: refuse here, as an UPDATE would be refused.
    if fn <> 'explain' and current_setting('transaction_read_only')::bool then
        raise exception 'cannot execute pgautofailover.%() in a read-only transaction', fn
            using errcode = 'read_only_sql_transaction';
    end if;

    -- Names have 255 characters, and what a keeper knows of its server some hundred: this is neither. The service would close
    -- a connection that sends far more, and nobody would know what had come of it.
    if octet_length(request) > 65536 then
        raise exception 'the arguments of pgautofailover.%() are too long', fn
            using errcode = 'program_limit_exceeded',
                  detail = format('Together they have %s bytes, of which the monitor accepts 65536.', octet_length(request));
    end if;

    -- A heartbeat may be repeated, and so may a question: they are sent right away. Anything else must not be carried out twice.
    if not repeatable then
        perform pgautofailover_private.ensure_connected();
    end if;

    begin
        select t.reply into reply from pgautofailover_private.dblink('pgautofailover', request) as t (reply jsonb);

        -- Nodes are being asked whether a planned change may begin. In short steps, between which this session can be cancelled: then
        -- nobody asks again, and nothing is changed.
        while reply ? 'pending' loop
            select t.reply into reply
              from pgautofailover_private.dblink('pgautofailover', json_build_object(
                       'fn', 'await_planned_change', 'args', json_build_object('id', reply -> 'pending'), 'user', session_user)::text) as t (reply jsonb);
        end loop;
    exception
        -- dblink reports a connection that ends while it waits, or that was never opened, as 08xxx; one that it
        -- knows to be unusable as an internal error of its own.
        when connection_exception or internal_error then
            if sqlstate = 'XX000' and sqlerrm not like 'could not send query: %' then
                raise;
            end if;
            if not repeatable then
                raise exception 'the connection to the service of the monitor was lost while it worked on %()', fn
                    using errcode = 'transaction_resolution_unknown',
                          detail = 'Whether the request was carried out is not known.',
                          hint = 'See "pg_autoctl show state" and "pg_autoctl show events" before you try again.';
            end if;
            perform pgautofailover_private.reconnect();
            select t.reply into reply from pgautofailover_private.dblink('pgautofailover', request) as t (reply jsonb);
    end;

    if reply ? 'notices' then
        perform pgautofailover_private.raise_notices(reply -> 'notices');
    end if;
    return nullif(reply -> 'result', 'null');
end
$$;
