using Npgsql;

namespace PgAutoFailover.Harness.Clients;

/// <summary>The table that writers fill, compared with what they were told.</summary>
public static class Ledger
{
    public static async Task<IReadOnlyList<MissingRow>> FindMissingAsync(
        string connectionString, IEnumerable<Writer> writers, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var missing = new List<MissingRow>();
        foreach (Writer writer in writers)
        {
            // Taken before the table is read: what is acknowledged in between is not looked for.
            var acknowledged = writer.Acknowledged;
            HashSet<long> present = await ReadAsync(connection, writer.Name, cancellationToken);
            missing.AddRange(acknowledged.Where(a => !present.Contains(a.Id)).Select(a => new MissingRow(writer.Name, a)));
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
