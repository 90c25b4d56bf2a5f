using System.Threading.Channels;
using Npgsql;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// The connection that listens on channel <c>state</c>. It is opened by whoever waits, and opened again when it is lost, with a
/// pause that the heartbeat's second makes harmless.
/// </summary>
internal sealed class StateListener(ConnectionUri uri, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Seconds without traffic after which the driver asks the server for a sign of life while waiting.</summary>
    private const int KeepaliveSeconds = 10;

    // A waiter that is late loses the oldest: what counts is that something changed, and the call that follows tells what.
    private readonly Channel<StateChange> _changes = Channel.CreateBounded<StateChange>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });

    private NpgsqlConnection? _connection;

    public async Task<StateChange?> WaitAsync(string formationId, int groupId, CancellationToken cancellationToken)
    {
        try
        {
            if (_connection is null)
            {
                await ListenAsync(cancellationToken);
                return null;
            }

            while (true)
            {
                while (_changes.Reader.TryRead(out var change))
                {
                    if (change.FormationId == formationId && change.GroupId == groupId)
                    {
                        return change;
                    }
                }

                await _connection.WaitAsync(cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await DisposeAsync();
            await Task.Delay(s_pause, time, cancellationToken);
            throw MonitorFailure.From(e, uri) ?? e;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var connection = uri.CreateConnection("pg_autoctl listen", settings =>
        {
            ConnectionLimits.Apply(settings);
            settings.KeepAlive = KeepaliveSeconds;
        });
        connection.Notification += (_, e) =>
        {
            if (e.Channel == "state" && StateChange.TryParse(e.Payload) is { } change)
            {
                _changes.Writer.TryWrite(change);
            }
        };
        _connection = connection;
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("listen state", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
