using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Monitor;

/// <summary>All that the monitor logs. Event ids 2000 to 2999; an id never changes its meaning. 2900 to 2949: the service socket.</summary>
internal static partial class Log
{
    [LoggerMessage(2900, LogLevel.Debug, "The service listens on {Path}")]
    public static partial void ServiceListens(ILogger logger, string path);

    [LoggerMessage(2901, LogLevel.Error, "A request of the SQL API failed: {Request}")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string request);

    [LoggerMessage(2902, LogLevel.Warning, "A connection to the service was refused: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, string reason);

    [LoggerMessage(2903, LogLevel.Debug, "Service connection {Id} ended: {Reason}")]
    public static partial void ConnectionBroken(ILogger logger, long id, string reason);
}
