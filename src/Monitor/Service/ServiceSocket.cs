using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Protocol.Backend;

namespace PgAutoFailover.Monitor.Service;

/// <summary>
/// The unix socket on which the stubs of the SQL API reach the service, in PostgreSQL's own protocol. Only processes of our own
/// user and of root may connect: the directory says so, and each peer's uid is checked again.
/// </summary>
/// <param name="requests">Answers what is asked.</param>
/// <param name="logger">Takes what goes wrong on a connection: nothing of that ends the service.</param>
public sealed class ServiceSocket(ServiceAddress address, IServiceRequests requests, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Connections at a time. Each one belongs to a session of the monitor's PostgreSQL, whose max_connections is lower.</summary>
    public const int MaxConnections = 2_000;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<long, Task> _sessions = new();
    private long _lastId;

    /// <summary>Makes the directory and the socket. From then on clients may connect, and wait for <see cref="RunAsync"/>.</summary>
    /// <exception cref="IOException">The path is too long, belongs to somebody else, or another service listens there.</exception>
    public void Listen()
    {
        ServiceSocketFile.Prepare(address);
        _listener.Bind(new UnixDomainSocketEndPoint(address.SocketPath));
        _listener.Listen(backlog: 512);
        Log.ServiceListens(logger, address.SocketPath);
    }

    /// <summary>Serves until cancelled. Then every connection has been closed, and <see cref="IServiceRequests.ConnectionClosed"/> called for it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Accept(await _listener.AcceptAsync(cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The way to stop.
        }
        finally
        {
            _listener.Close();
            File.Delete(address.SocketPath);
            await Task.WhenAll(_sessions.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Accept(Socket client, CancellationToken cancellationToken)
    {
        var connection = new ServiceConnection(++_lastId);
        var session = new ServiceSocketSession(connection, client, requests, time, logger);
        if (WhyRefused(client) is { } refusal)
        {
            Log.ConnectionRefused(logger, refusal.Message);
            session.Refuse(refusal);
            session.Dispose();
            return;
        }

        // Put on the list first, as it takes itself off, which may be soon.
        _sessions[connection.Id] = Task.CompletedTask;
        _sessions.TryUpdate(connection.Id, ServeAsync(session, connection.Id, cancellationToken), Task.CompletedTask);
    }

    private Diagnostic? WhyRefused(Socket client) =>
        ServiceSocketPeer.WhyRefused(client) is { } stranger ? new Diagnostic("FATAL", "28000", stranger)
        : _sessions.Count >= MaxConnections ? new Diagnostic("FATAL", "53300", $"too many connections: the limit is {MaxConnections}")
        : null;

    private async Task ServeAsync(ServiceSocketSession session, long id, CancellationToken cancellationToken)
    {
        await Task.Yield(); // the next one is accepted meanwhile
        try
        {
            using (session)
            {
                await session.RunAsync(cancellationToken);
            }
        }
#pragma warning disable CA1031 // a defect that one connection meets must not end the others
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ConnectionFailed(logger, e, id);
        }
        finally
        {
            _sessions.TryRemove(id, out _);
        }
    }
}
