using Npgsql;
using ServerError = Npgsql.PostgresException;

namespace PgAutoFailover.Postgres.Sessions;

/// <summary>Statements on the kept connection for work.</summary>
internal sealed class LocalCommands(LocalSession session)
{
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => TranslateAsync(
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteNonQueryAsync(token);
        },
        cancellationToken);

    /// <summary>The rows of a query, their columns as text.</summary>
    public Task<List<string?[]>> QueryAsync(string sql, CancellationToken cancellationToken) => TranslateAsync(
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(token);
            var rows = new List<string?[]>();
            while (await reader.ReadAsync(token))
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
            }

            return rows;
        },
        cancellationToken);

    /// <summary>The one value of a query; null for NULL and for no row.</summary>
    public async Task<string?> ScalarAsync(string sql, CancellationToken cancellationToken) =>
        await QueryAsync(sql, cancellationToken) is [[var value, ..], ..] ? value : null;

    /// <summary>The one truth value of a query.</summary>
    public async Task<bool> IsTrueAsync(string sql, CancellationToken cancellationToken) => await ScalarAsync(sql, cancellationToken) == "t";

    // Whoever works with a local server has one kind of error to handle.
    private async Task<T> TranslateAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await session.UseAsync(use, cancellationToken);
        }
        catch (ServerError e)
        {
            throw new Server.PostgresException($"the local PostgreSQL refused a command: {e.MessageText} (SQLSTATE {e.SqlState})", e.Hint, e);
        }
        catch (NpgsqlException e)
        {
            throw new Server.PostgresException($"the local PostgreSQL does not answer: {e.Message}", null, e);
        }
    }
}

/// <summary>Quoting of names and values in statements that take no parameters.</summary>
internal static class Sql
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // The E form reads a backslash alike whatever standard_conforming_strings says.
    public static string Text(string value) =>
        $"E'{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
