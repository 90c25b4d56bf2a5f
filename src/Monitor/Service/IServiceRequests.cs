namespace PgAutoFailover.Monitor.Service;

/// <summary>What stands behind the service socket: answers the requests of the SQL API's stubs.</summary>
/// <remarks>
/// A request is one JSON document, <c>{"fn":"node_active","args":{…},"user":"…","pid":…}</c>, with the arguments under their SQL names.
/// On one connection requests come one after the other; different connections call at the same time.
/// </remarks>
public interface IServiceRequests
{
    /// <summary>Answers one request. An exception other than cancellation is logged and reaches the caller as an internal error.</summary>
    /// <param name="connection">The session of the monitor's PostgreSQL that asks; the same object for all its requests.</param>
    Task<ServiceReply> HandleAsync(ServiceConnection connection, string requestJson, CancellationToken cancellationToken);

    /// <summary>
    /// The session is over: its client left, was terminated, or the monitor's PostgreSQL went down. Called once, after the last
    /// request of that connection was answered or given up. Must not block.
    /// </summary>
    void ConnectionClosed(ServiceConnection connection);
}
