\echo Use "CREATE EXTENSION pg_promoter" to load this file. \quit

CREATE FUNCTION pg_promoter_status(
    OUT worker_pid integer,
    OUT process_pid integer,
    OUT process_starts integer,
    OUT state text,
    OUT primary_server text,
    OUT looks bigint,
    OUT last_contact timestamptz,
    OUT failures integer,
    OUT last_error text,
    OUT behind_bytes bigint,
    OUT next_action text,
    OUT witnesses text)
RETURNS record
LANGUAGE C VOLATILE STRICT
AS 'MODULE_PATHNAME', 'pg_promoter_status';

CREATE VIEW pg_promoter_status AS
    SELECT worker_pid, process_pid, process_starts, state, primary_server, looks, last_contact, failures, last_error, behind_bytes,
           next_action, witnesses::jsonb AS witnesses
    FROM pg_promoter_status();

-- A witness: can this server reach a PostgreSQL at this address? 'answers', 'gone' or 'unknown'.
CREATE FUNCTION pg_promoter_look(host text, port integer, timeout_ms integer)
RETURNS text
LANGUAGE C VOLATILE STRICT
AS 'MODULE_PATHNAME', 'pg_promoter_look';

REVOKE ALL ON FUNCTION pg_promoter_status() FROM PUBLIC;
REVOKE ALL ON pg_promoter_status FROM PUBLIC;
-- It makes the server open connections: for the role that a standby uses to ask its witness, and nobody else.
REVOKE ALL ON FUNCTION pg_promoter_look(text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_promoter_status() TO pg_monitor;
GRANT SELECT ON pg_promoter_status TO pg_monitor;
