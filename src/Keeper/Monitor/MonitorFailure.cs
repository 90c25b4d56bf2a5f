using System.Net.Sockets;
using Npgsql;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>Tells apart what the driver throws: a refusal by the monitor, a monitor that is not there, and anything else.</summary>
internal static class MonitorFailure
{
    /// <summary>The failure for the caller, or null for what is not the monitor's doing.</summary>
    public static MonitorException? From(Exception exception, ConnectionUri uri) => exception switch
    {
        PostgresException p when MeansUnavailable(p) => Unreachable(uri, p.MessageText, p),
        PostgresException p => new MonitorException(p.MessageText, p) { SqlState = p.SqlState, Detail = p.Detail, Hint = p.Hint },
        NpgsqlException { InnerException: TimeoutException } e => Unreachable(uri, "no answer in time", e),
        NpgsqlException e => Unreachable(uri, ConnectionFailure.Describe(e), e),
        TimeoutException e => Unreachable(uri, "no answer in time", e),
        IOException or SocketException => Unreachable(uri, exception.Message, exception),
        _ => null,
    };

    /// <summary>The connection is gone, as opposed to an answer that does not come.</summary>
    public static bool HasLostConnection(NpgsqlException exception) =>
        exception is PostgresException p
            ? p.SqlState.StartsWith("57P", StringComparison.Ordinal)
            : exception.InnerException is IOException or SocketException;

    /// <summary>The server refused the call, and another one in the session may do better.</summary>
    public static bool LeavesConnectionUsable(Exception exception) =>
        exception is MonitorException
        || (exception is PostgresException { Severity: "ERROR" } p && p.SqlState != MonitorException.SessionIsOver && !p.SqlState.StartsWith("57P", StringComparison.Ordinal));

    // 08: the service behind the SQL functions is not there; 57P: the server goes down or comes up; 53300: it is full.
    private static bool MeansUnavailable(PostgresException e) =>
        e.SqlState.StartsWith("08", StringComparison.Ordinal)
        || e.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || e.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.TooManyConnections;

    private static MonitorException Unreachable(ConnectionUri uri, string why, Exception inner) =>
        new($"the monitor at {string.Join(", ", uri.Hosts)} cannot be reached: {why}", inner);
}
