using System.Collections.Immutable;
using Npgsql;

namespace PgAutoFailover.Harness.Clients;

/// <summary>The table that writers fill, compared with what they were told.</summary>
public static class Ledger
{
    /// <summary>What each writer has been told by now. To be taken before the table is read: what comes later is not looked for.</summary>
    public static IReadOnlyList<(string Writer, ImmutableArray<Acknowledgement> Rows)> Promises(IEnumerable<Writer> writers) =>
        [.. writers.Select(w => (w.Name, w.Acknowledged))];

    public static async Task<IReadOnlyList<MissingRow>> FindMissingAsync(
        string connectionString, IReadOnlyList<(string Writer, ImmutableArray<Acknowledgement> Rows)> promises, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var missing = new List<MissingRow>();
        foreach ((string writer, ImmutableArray<Acknowledgement> rows) in promises)
        {
            HashSet<long> present = await ReadAsync(connection, writer, cancellationToken);
            missing.AddRange(rows.Where(a => !present.Contains(a.Id)).Select(a => new MissingRow(writer, a)));
        }

        return missing;
    }

    private static async Task<HashSet<long>> ReadAsync(NpgsqlConnection connection, string writer, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id from ledger where writer = $1", connection) { Parameters = { new() { Value = writer } } };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var present = new HashSet<long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            present.Add(reader.GetInt64(0));
        }

        return present;
    }
}
