using System.Globalization;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Sessions;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Slots;

/// <summary>
/// The physical slots that keep WAL for the other nodes: <c>pgautofailover_standby_&lt;node id&gt;</c>. A standby has them too, so that whoever it
/// turns out to be the primary of finds its WAL; there they are advanced as the others get on.
/// </summary>
internal sealed class ReplicationSlots(LocalCommands commands, ILogger logger)
{
    private const string Ours = "slot_type = 'physical' and not temporary and slot_name ~ '^pgautofailover_standby_?[0-9]*$'";

    public async Task EnsureAsync(IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken)
    {
        var existing = (await commands.QueryAsync(
            $"select slot_name, active, coalesce(restart_lsn, '0/0')::text, pg_is_in_recovery() from pg_replication_slots where {Ours}",
            cancellationToken)).ToDictionary(r => r[0] ?? "", r => (Active: r[1] == "t", Lsn: Lsn.Parse(r[2] ?? "0/0"), Recovery: r[3] == "t"));
        foreach (var node in others)
        {
            var slot = Conninfo.SlotOf(node.NodeId);
            if (!existing.Remove(slot, out var known))
            {
                await commands.ExecuteAsync($"select pg_create_physical_replication_slot({Sql.Text(slot)}, true)", cancellationToken);
                Log.CreatedSlot(logger, slot);
            }
            else if (known is { Recovery: true, Active: false } && node.Lsn > known.Lsn)
            {
                await AdvanceAsync(slot, node.Lsn, cancellationToken);
            }
        }

        foreach (var (slot, _) in existing.Where(s => !s.Value.Active))
        {
            await DropAsync(slot, cancellationToken);
        }
    }

    public async Task DropAllAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await commands.QueryAsync($"select slot_name from pg_replication_slots where {Ours} and not active", cancellationToken))
        {
            await DropAsync(row[0] ?? "", cancellationToken);
        }
    }

    // A node can be ahead of this standby: a slot cannot be moved past what was replayed here.
    private Task AdvanceAsync(string slot, Lsn lsn, CancellationToken cancellationToken) => commands.ExecuteAsync(
        string.Create(CultureInfo.InvariantCulture, $"""
            select pg_replication_slot_advance(slot_name, least('{lsn}', pg_last_wal_replay_lsn()))
              from pg_replication_slots
             where slot_name = {Sql.Text(slot)} and not active and coalesce(restart_lsn, '0/0') < least('{lsn}', pg_last_wal_replay_lsn())
            """),
        cancellationToken);

    // It may have become active since it was listed: then its node is back and it stays.
    private async Task DropAsync(string slot, CancellationToken cancellationToken)
    {
        var dropped = await commands.QueryAsync(
            $"select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = {Sql.Text(slot)} and not active", cancellationToken);
        if (dropped.Count > 0)
        {
            Log.DroppedSlot(logger, slot);
        }
    }
}
