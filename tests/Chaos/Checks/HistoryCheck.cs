using System.Globalization;
using Npgsql;
using PgAutoFailover.Chaos.Faults;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.Chaos.Checks;

/// <summary>What the clients were told, compared with what is there: on the primary and on every standby.</summary>
internal sealed class HistoryCheck(Cluster cluster, IReadOnlyList<Writer> writers, ReadHistory reads)
{
    /// <summary>Stale reads of nodes that were cut off or frozen at the time, which nobody can prevent.</summary>
    internal int ExcusedReads { get; private set; }

    /// <summary>Nothing keeps the table from holding a row twice, as its own key would; the check looks for it instead.</summary>
    internal Task LetRowsBeDoubledAsync(CancellationToken cancellationToken) => cluster.SqlAsync(
        cluster.Primary, "alter table ledger drop constraint ledger_pkey; create index on ledger (writer, id)", cancellationToken);

    /// <summary>To be called when the group is at rest.</summary>
    internal async Task RowsAsync(CancellationToken cancellationToken)
    {
        // In this order: a row that is acknowledged later need not be on each standby by then.
        var promises = Ledger.Promises(writers);
        string at = (string)(await cluster.ScalarAsync(cluster.Primary, "select pg_current_wal_insert_lsn()::text", cancellationToken))!;
        foreach (TestNode node in cluster.Nodes)
        {
            await UntilItHasAsync(node, at, cancellationToken);
            IReadOnlyList<MissingRow> missing = await Ledger.FindMissingAsync(node.LocalConnectionString("postgres"), promises, cancellationToken);
            if (missing.Count > 0)
            {
                throw Violation.Safety($"{missing.Count} acknowledged rows are not on {node.Name}, the first: {string.Join("; ", missing.Take(5))}");
            }

            await RefuseDoublesAsync(node, cancellationToken);
        }
    }

    /// <summary>Judges the reads since the last call, in which these faults happened.</summary>
    internal void Reads(IReadOnlyList<Fault> faults)
    {
        foreach (StaleRead read in reads.TakeStale())
        {
            bool isExcused = faults.Any(f => Holds(f.MayAnswerLate, read.Port) || (!read.WasAcknowledged && Holds(f.MayShowUnconfirmed, read.ShownBy)));
            if (!isExcused)
            {
                throw Violation.Safety($"a read went back in time: {read}");
            }

            ExcusedReads++;
        }
    }

    private static bool Holds(IReadOnlyList<TestNode> nodes, int port) => nodes.Any(n => n.Port == port);

    private Task UntilItHasAsync(TestNode node, string lsn, CancellationToken cancellationToken) => RestCheck.UntilAsync(
        cluster,
        $"{node.Name} has replayed {lsn}",
        async () => await cluster.ScalarAsync(
            node, $"select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end >= '{lsn}'", cancellationToken) is true,
        cancellationToken);

    private static async Task RefuseDoublesAsync(TestNode node, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(node.LocalConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        // Of the table itself: an index may not know of a row that is there.
        await using var command = new NpgsqlCommand(
            "set enable_indexscan to off; set enable_indexonlyscan to off; set enable_bitmapscan to off; "
            + "select writer, id, count(*) from ledger group by writer, id having count(*) > 1 limit 5",
            connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            throw Violation.Safety(string.Create(
                CultureInfo.InvariantCulture, $"{node.Name} has row #{reader.GetInt64(1)} of {reader.GetString(0)} {reader.GetInt64(2)} times"));
        }
    }
}
