using Microsoft.Extensions.Logging;
using Npgsql;
using ServerError = Npgsql.PostgresException;

namespace PgAutoFailover.Postgres.Sessions;

/// <summary>
/// One kept connection to the local server, over its Unix socket where it has one. It is opened when it is first needed and again
/// only when it was lost: an idle keeper opens none. One caller at a time uses it.
/// </summary>
internal sealed class LocalSession(LocalEndpoint endpoint, TimeSpan commandTimeout, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private NpgsqlConnection? _connection;
    private int _postmaster;

    /// <summary>
    /// Runs <paramref name="use"/> on the connection. A connection that turns out to have been lost meanwhile is replaced, and the
    /// use repeated once: what is done here is done by idempotent statements.
    /// </summary>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var kept = _connection is not null;
            try
            {
                return await use(await OpenAsync(cancellationToken), cancellationToken);
            }
            catch (NpgsqlException e) when (kept && WasLost(e))
            {
                await CloseAsync();
                return await use(await OpenAsync(cancellationToken), cancellationToken);
            }
        }
        catch (Exception e) when (e is not ServerError { SqlState: not "57P01" })
        {
            // After a timeout or a cancellation nobody knows what the connection would answer next.
            Log.LocalConnectionFailed(logger, e.Message);
            await CloseAsync();
            throw;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Closes the connection; the next use opens another.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await CloseAsync();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _oneAtATime.Dispose();
    }

    private static bool WasLost(NpgsqlException e) => e is ServerError { SqlState: "57P01" or "57P02" } or { InnerException: IOException };

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var server = endpoint.Find();
        if (_connection is { FullState: System.Data.ConnectionState.Open } && _postmaster == server.Pid)
        {
            return _connection;
        }

        await CloseAsync();
        _connection = await endpoint.ConnectAsync(server, commandTimeout, cancellationToken);
        _postmaster = server.Pid;
        return _connection;
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }
}
