using Npgsql;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>Limits of the connections to the monitor. A monitor that does not answer must cost a keeper seconds, never more.</summary>
internal static class ConnectionLimits
{
    private const int ConnectSeconds = 2;
    private const int CommandSeconds = 5;

    /// <summary>Idle time before TCP asks whether the monitor is still there, and between two such questions.</summary>
    private const int KeepaliveSeconds = 3;

    public static void Apply(NpgsqlConnectionStringBuilder settings)
    {
        settings.Timeout = ConnectSeconds;
        settings.CommandTimeout = CommandSeconds;

        // A call that timed out is given up with its connection. Asking the server to cancel it would need a second connection to
        // a server that does not answer.
        settings.CancellationTimeout = -1;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = KeepaliveSeconds;
        settings.TcpKeepAliveInterval = KeepaliveSeconds;
        settings.Enlist = false;
    }
}
