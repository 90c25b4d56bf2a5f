using Npgsql;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Server;

/// <summary>SQL as tests write it: text in, text out.</summary>
internal static class Sql
{
    /// <summary>Runs statements whose result does not matter.</summary>
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>All rows as psql -At prints them: columns are separated by a bar, null is an empty string.</summary>
    public static async Task<List<string>> RowsAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))));
        }

        return rows;
    }

    /// <summary>The error that a statement ends with.</summary>
    public static async Task<PostgresException> ErrorAsync(this NpgsqlConnection connection, string sql) =>
        await Assert.ThrowsAsync<PostgresException>(() => connection.RowsAsync(sql));
}
