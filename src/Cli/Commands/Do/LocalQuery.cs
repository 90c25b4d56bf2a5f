using Microsoft.Extensions.Logging;
using Npgsql;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>A statement on the local PostgreSQL, over its unix socket, as its superuser.</summary>
internal static class LocalQuery
{
    /// <returns>Number of the rows that it answered with.</returns>
    /// <exception cref="CommandFailure">PostgreSQL does not run, or refuses.</exception>
    public static async Task<int> CountAsync(LocalNode local, string sql, string argument, CommandContext context, CancellationToken cancellationToken)
    {
        LocalPostgres.RequireReady(local.Paths.PgData);

        await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
        await using var connection = new NpgsqlConnection(server.LocalConnectionString("postgres"));
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = 0;
            while (await reader.ReadAsync(cancellationToken))
            {
                rows++;
            }

            return rows;
        }
        catch (NpgsqlException exception)
        {
            throw new CommandFailure(
                ExitCode.LocalSql,
                $"The local Postgres at \"{local.Paths.PgData}\" refuses: {(exception as Npgsql.PostgresException)?.MessageText ?? exception.Message}",
                (exception as Npgsql.PostgresException)?.Hint,
                exception);
        }
    }
}
