using Npgsql;

namespace PgAutoFailover.Monitor.Schema;

/// <summary>
/// Finds out whether the monitor's database has been restored from a backup, which a service that starts cannot tell by the rows: they are consistent, and
/// may be of long ago. Since then nodes may have been promoted, added and dropped, and may have acknowledged writes on other terms. So what
/// the rows say of states is forgotten, and each group waits for its nodes' own word (<see cref="Core.Rules.Restoration"/>).
/// </summary>
internal static class RestoredDatabase
{
    // What the database is told by: the server it lies in, the transaction that wrote this row, and the base backup that the data directory comes
    // from, if any. PostgreSQL renames the label of a base backup when it first starts on it.
    private const string IsRestored =
        """
        select not exists (
            select from pgautofailover_private.home h, pg_control_system() c
             where h.systemid = c.system_identifier and h.xid = h.xmin::text
               and h.backup_label = coalesce(pg_read_file('backup_label.old', 0, 65536, true), ''))
        """;

    // A node without a system identifier has no data yet, and must be in a state that such a node can have. Ids that were given out since the
    // backup are in use on nodes that come back with them: no other node may get them.
    private const string Forget =
        """
        insert into pgautofailover_private.restored_group (formationid, groupid)
        select formationid, 0 from pgautofailover.formation union select formationid, groupid from pgautofailover.node
            on conflict do nothing;

        update pgautofailover.node
           set goalstate = 'unknown', health = -1,
               reportedstate = case when sysidentifier is null then 'init' else 'unknown' end::pgautofailover.replication_state
         where goalstate <> 'dropped';

        select setval('pgautofailover.node_nodeid_seq', last_value + 1000) from pgautofailover.node_nodeid_seq;

        delete from pgautofailover_private.home;
        insert into pgautofailover_private.home (systemid, xid, backup_label, unnamed_until)
        select system_identifier, pg_current_xact_id()::xid::text, coalesce(pg_read_file('backup_label.old', 0, 65536, true), ''), last_value
          from pg_control_system(), pgautofailover.node_nodeid_seq;
        """;

    /// <summary>Marks all groups where the database was restored; true then. The schema must be installed.</summary>
    public static async Task<bool> MarkAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var found = new NpgsqlCommand(IsRestored, connection, transaction);
        if (await found.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return false;
        }

        await using var forget = new NpgsqlCommand(Forget, connection, transaction);
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
