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

    [LoggerMessage(2100, LogLevel.Information, "{Announcement}")]
    public static partial void Announced(ILogger logger, string announcement);

    [LoggerMessage(2101, LogLevel.Error, "A turn of group {GroupId} of formation \"{FormationId}\" failed; its rows are read again before the next")]
    public static partial void TurnFailed(ILogger logger, Exception exception, string formationId, int groupId);

    [LoggerMessage(2102, LogLevel.Information, "Rows of group {GroupId} of formation \"{FormationId}\" have been edited: reading them again")]
    public static partial void RowsWereEdited(ILogger logger, string formationId, int groupId);

    [LoggerMessage(2103, LogLevel.Error, "The rules for group {GroupId} of formation \"{FormationId}\" do not come to rest: please report this with the last events")]
    public static partial void RulesContradict(ILogger logger, string formationId, int groupId);
}
