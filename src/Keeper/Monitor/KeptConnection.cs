using System.Diagnostics.CodeAnalysis;
using Npgsql;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// One connection to the monitor that stays open between calls, which are made one after the other. A call that fails on the
/// network closes it, so that the next one starts afresh; a connection that turns out to have died while idle is replaced once
/// within the call. A caller that gives up only stops waiting: to break a call off, the driver would have to break the connection,
/// and its end is what tells the monitor that this keeper has died.
/// </summary>
internal sealed class KeptConnection(ConnectionUri uri, string applicationName) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _last = Task.CompletedTask;
    private NpgsqlConnection? _connection;

    /// <summary>Runs a call on the connection after those that were asked for before.</summary>
    /// <param name="call">What to do; may be done twice when <paramref name="repeatable"/>.</param>
    /// <param name="repeatable">The call may be sent again when it is not known whether the first one arrived.</param>
    /// <param name="cancellationToken">Ends the wait for the answer, not the call.</param>
    public Task<T> CallAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> call, bool repeatable, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var running = InTurnAsync(_last, call, repeatable, cancellationToken);
            _last = running;
            return running.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync();
        _closing.Dispose();
    }

    private async Task<T> InTurnAsync<T>(
        Task previous, Func<NpgsqlConnection, CancellationToken, Task<T>> call, bool repeatable, CancellationToken abandoned)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        abandoned.ThrowIfCancellationRequested();
        try
        {
            var wasOpen = _connection is not null;
            try
            {
                return await AttemptAsync(call);
            }
            catch (NpgsqlException e) when (wasOpen && repeatable && MonitorFailure.HasLostConnection(e))
            {
                return await AttemptAsync(call);
            }
        }
        catch (Exception e) when (MonitorFailure.From(e, uri) is not null)
        {
            throw MonitorFailure.From(e, uri)!; // not null: the filter has looked
        }
    }

    private async Task<T> AttemptAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> call)
    {
        try
        {
            return await call(_connection ??= await OpenAsync(), _closing.Token);
        }
        catch (Exception e) when (!MonitorFailure.LeavesConnectionUsable(e))
        {
            await CloseAsync();
            throw;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The field owns it once it is open.")]
    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = uri.CreateConnection(applicationName, ConnectionLimits.Apply);
        try
        {
            await connection.OpenAsync(_closing.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
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
