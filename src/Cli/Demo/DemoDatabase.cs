using System.Net.Sockets;
using Npgsql;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Demo;

/// <summary>
/// The database that the demonstration's application writes to, reached as any application reaches a formation: all hosts are in its
/// connection string, and the one that takes writes is found by trying them.
/// </summary>
internal sealed class DemoDatabase(string uri, string userName, TimeProvider time)
{
    private const int ConnectTimeoutSeconds = 2;

    // Longer than a failover takes, so that the write that waits for the standby's return is seen to come back.
    private const int WriteTimeoutSeconds = 30;

    private static readonly string[] s_schema =
    [
        "drop schema if exists demo cascade",
        "create schema demo",
        "create table demo.tracking(ts timestamptz default now(), client integer, loop integer, retries integer, us bigint, recovery bool)",
        "create table demo.client(client integer, pid integer, retry_sleep_ms integer, retry_cap_ms integer, failover_count integer)",
    ];

    private readonly ConnectionUri _uri = ConnectionUri.Parse(uri) with { User = userName };

    /// <summary>What a failed attempt throws that may succeed a moment later: servers are away, starting, stopping, or read-only.</summary>
    public static bool MayPass(Exception exception) => exception switch
    {
        PostgresException e => e.IsTransient || e.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>One attempt to find the host that takes writes.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = _uri.CreateConnection("pg_auto_failover demo", settings =>
        {
            settings.Timeout = ConnectTimeoutSeconds;
            settings.CommandTimeout = WriteTimeoutSeconds;
            settings.CancellationTimeout = -1;

            // Who was primary a moment ago says nothing: every attempt looks anew.
            settings.HostRecheckSeconds = 0;
        });
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Attempts until one succeeds or the patience is over.</summary>
    /// <exception cref="CommandFailure">None succeeded.</exception>
    public async Task<DemoSession> ConnectAsync(RetryPolicy policy, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = policy.NewPause();
        for (var retries = 0; ; retries++)
        {
            try
            {
                return new DemoSession(await OpenAsync(cancellationToken), retries, time.GetElapsedTime(started));
            }
            catch (Exception exception) when (MayPass(exception) && time.GetElapsedTime(started) < patience)
            {
                await Task.Delay(pause.Next(), time, cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException or TimeoutException)
            {
                throw Unreachable(exception, retries + 1);
            }
        }
    }

    /// <summary>Makes the demonstration's tables, in place of those of an earlier run.</summary>
    /// <exception cref="CommandFailure">The database cannot be reached, or refuses.</exception>
    public async Task PrepareAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var session = await ConnectAsync(RetryPolicy.Usual, RetryPolicy.Patience, cancellationToken);
        session.Connection.Notice += (_, e) => context.Log.DemoNotice(e.Notice.Severity, e.Notice.MessageText);
        foreach (var statement in s_schema)
        {
            context.Log.PreparingDemo(statement);
            await RunAsync(() => session.ExecuteAsync(statement, cancellationToken));
        }
    }

    /// <summary>What the latest run has measured.</summary>
    /// <exception cref="CommandFailure">The database cannot be reached, or there was no run.</exception>
    public async Task<List<ConnectTime>> ReadTimesAsync(CancellationToken cancellationToken)
    {
        await using var session = await ConnectAsync(RetryPolicy.Usual, RetryPolicy.Patience, cancellationToken);
        return await RunAsync(() => session.ReadTimesAsync(cancellationToken));
    }

    private static async Task<T> RunAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new CommandFailure(ExitCode.LocalSql, "The database has no demo.tracking: no demonstration has been run there", "Run \"pg_autoctl do demo run\" first", exception);
        }
        catch (NpgsqlException exception)
        {
            throw new CommandFailure(ExitCode.LocalSql, $"The application's database refuses: {(exception as PostgresException)?.MessageText ?? exception.Message}", inner: exception);
        }
    }

    private CommandFailure Unreachable(Exception exception, int attempts) => new(
        ExitCode.LocalSql,
        $"Failed to connect to \"{_uri.ToMaskedString()}\" after {attempts} attempts: {ConnectionFailure.Describe(exception)}",
        ConnectionFailure.Hint(exception) ?? "\"pg_autoctl show state\" tells which node takes writes; --username names another user",
        exception);
}
