using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// A command's session with the monitor. Whatever fails in it becomes one <see cref="CommandFailure"/>: the monitor's own
/// errors with their detail and hint, a monitor that does not answer after some attempts.
/// </summary>
internal sealed class MonitorConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private MonitorConnection(NpgsqlConnection connection, CommandContext context)
    {
        _connection = connection;
        _connection.Notice += (_, e) => Tell(e.Notice, context.Log);
        _connection.Notification += (_, e) => Notified?.Invoke(e.Channel, e.Payload);
    }

    /// <summary>How long a call may take from now on.</summary>
    public TimeSpan? CallLimit { get; set; }

    /// <summary>Channel and payload of each notification.</summary>
    public Action<string, string>? Notified { get; set; }

    /// <exception cref="CommandFailure">It does not answer.</exception>
    public static async Task<MonitorConnection> OpenAsync(MonitorTarget target, CommandContext context, CancellationToken cancellationToken)
    {
        var patience = new ConnectPatience(context);
        Exception? telling = null;
        while (true)
        {
            var connection = MonitorConnectionString.CreateConnection(target);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return new MonitorConnection(connection, context);
            }
            catch (Exception exception) when (MayPass(exception))
            {
                await connection.DisposeAsync();

                // A server that does not accept our certificate is often gone before its reason has arrived: one attempt that got it is enough.
                telling = ConnectionFailure.NamesCause(exception) ? exception : telling;
                if (!await patience.WaitAsync(cancellationToken))
                {
                    throw Unreachable(target, patience.Attempts, telling ?? exception);
                }
            }
            catch (PostgresException exception)
            {
                await connection.DisposeAsync();
                throw new MonitorRefusal(exception.SqlState, $"The monitor at \"{target.Uri}\" refuses the connection\n{Describe(exception)}", exception);
            }
        }
    }

    /// <summary>The first column of the first row; default where there is none or it is NULL.</summary>
    public Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params object?[] arguments) => RunAsync(async command =>
        await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default, sql, arguments);

    public Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] arguments) =>
        RunAsync(
            async command =>
            {
                var rows = new List<T>();
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            sql,
            arguments);

    /// <summary>Waits for a notification, which <see cref="Notified"/> hands out. False where none came in time.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.WaitAsync(timeout, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException)
        {
            throw Lost(exception);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static void Tell(PostgresNotice notice, ILogger log)
    {
        log.MonitorNotice(notice.Severity, notice.MessageText);
        if (notice.Detail is { } detail)
        {
            log.MonitorNoticeDetail(detail);
        }

        if (notice.Hint is { } hint)
        {
            log.MonitorNoticeHint(hint);
        }
    }

    private async Task<T> RunAsync<T>(Func<NpgsqlCommand, Task<T>> run, string sql, object?[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        if (CallLimit is { } limit)
        {
            command.CommandTimeout = (int)limit.TotalSeconds;
        }

        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument ?? DBNull.Value });
        }

        try
        {
            return await run(command);
        }
        catch (PostgresException exception)
        {
            throw new MonitorRefusal(exception.SqlState, Describe(exception), exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            throw Lost(exception);
        }
    }

    private static CommandFailure Unreachable(MonitorTarget target, int attempts, Exception exception) =>
        target is { IsLocalMonitor: true, Local: { } local } && LocalPostgres.Read(local.Paths.PgData) is null
            ? new(
                ExitCode.Monitor,
                $"PostgreSQL of the monitor at \"{local.Paths.PgData}\" is not running",
                "Start the monitor with \"pg_autoctl run\", or see in its log why it ended",
                exception)
            : new(
                ExitCode.Monitor,
                $"Failed to connect to the monitor at \"{target.Uri}\" after {attempts} attempts: {ConnectionFailure.Describe(exception)}",
                ConnectionFailure.Hint(exception) ?? "Check that the monitor is running, that its address is right, and that the network lets us reach it",
                exception);

    private static CommandFailure Lost(Exception exception) =>
        new(ExitCode.Monitor, $"The connection to the monitor was lost: {ConnectionFailure.Describe(exception)}", inner: exception);

    private static string Describe(PostgresException exception)
    {
        var lines = new List<string> { $"Monitor {exception.Severity}:  {exception.MessageText}" };
        if (!string.IsNullOrEmpty(exception.Detail))
        {
            lines.Add($"Monitor DETAIL:  {exception.Detail}");
        }

        if (!string.IsNullOrEmpty(exception.Hint))
        {
            lines.Add($"Monitor HINT:  {exception.Hint}");
        }

        return string.Join('\n', lines);
    }

    // Starting up or on its way out: worth another attempt. Anything else that PostgreSQL answers will not change by asking again.
    private static bool MayPass(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown } => true,
        PostgresException => false,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };
}
