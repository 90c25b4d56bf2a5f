using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Monitor;

/// <summary>All that the monitor logs. Event ids 2000 to 2999; an id never changes its meaning. 2900 to 2949: the service socket.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "The monitor's service is ready: {Nodes} nodes are registered")]
    public static partial void ServiceIsReady(ILogger logger, int nodes);

    [LoggerMessage(2001, LogLevel.Information, "Installed version {Version} of the schema in database \"{DbName}\"")]
    public static partial void SchemaInstalled(ILogger logger, int version, string dbName);

    [LoggerMessage(2002, LogLevel.Debug, "Waiting for the monitor's PostgreSQL: {Reason}")]
    public static partial void WaitingForDatabase(ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "The monitor's PostgreSQL is away: {Reason}. No decision can be taken until it is back")]
    public static partial void DatabaseIsAway(ILogger logger, string reason);

    [LoggerMessage(2004, LogLevel.Information, "The monitor's PostgreSQL is back; nodes get startup_grace_period to report")]
    public static partial void DatabaseIsBack(ILogger logger);

    [LoggerMessage(2005, LogLevel.Warning, "This process did not run for {Pause}; nodes get startup_grace_period to report")]
    public static partial void ProcessWasAsleep(ILogger logger, TimeSpan pause);

    [LoggerMessage(2006, LogLevel.Debug, "Heartbeats could not be written: {Reason}")]
    public static partial void FlushFailed(ILogger logger, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "Database \"{DbName}\" has been restored from a backup: nothing is decided for a group before each of its nodes has reported")]
    public static partial void DatabaseIsRestored(ILogger logger, string dbName);

    [LoggerMessage(2008, LogLevel.Warning, "The schema in database \"{DbName}\" cannot be brought up to date, and is tried again, while another session has it in use in a transaction that stays open: pg_stat_activity shows which, and pg_terminate_backend() ends it")]
    public static partial void SchemaIsLocked(ILogger logger, string dbName);

    [LoggerMessage(2009, LogLevel.Warning, "The monitor's PostgreSQL has {Used} of the {Room} sessions that it has for keepers and clients. Each keeper needs two, and a node whose keeper gets none counts as silent: end what else is connected, or raise max_connections and restart pg_autoctl of the monitor")]
    public static partial void SessionsRunOut(ILogger logger, long used, int room);

    [LoggerMessage(2010, LogLevel.Information, "Settings in force: {Settings}")]
    public static partial void SettingsInForce(ILogger logger, string settings);

    [LoggerMessage(2011, LogLevel.Warning, "{Problem}")]
    public static partial void SettingIsInvalid(ILogger logger, string problem);

    [LoggerMessage(2012, LogLevel.Debug, "The settings could not be read: {Reason}")]
    public static partial void SettingsUnreadable(ILogger logger, string reason);

    [LoggerMessage(2020, LogLevel.Trace, "Probe of node {NodeId}: {Outcome}")]
    public static partial void Probed(ILogger logger, long nodeId, Core.Vocabulary.ProbeOutcome outcome);

    [LoggerMessage(2100, LogLevel.Information, "{Announcement}")]
    public static partial void Announced(ILogger logger, string announcement);

    [LoggerMessage(2101, LogLevel.Error, "A turn of group {GroupId} of formation \"{FormationId}\" failed; its rows are read again before the next")]
    public static partial void TurnFailed(ILogger logger, Exception exception, string formationId, int groupId);

    [LoggerMessage(2102, LogLevel.Information, "Rows of group {GroupId} of formation \"{FormationId}\" have been edited: reading them again")]
    public static partial void RowsWereEdited(ILogger logger, string formationId, int groupId);

    [LoggerMessage(2103, LogLevel.Error, "The rules for group {GroupId} of formation \"{FormationId}\" do not come to rest: please report this with the last events")]
    public static partial void RulesContradict(ILogger logger, string formationId, int groupId);

    [LoggerMessage(2104, LogLevel.Warning, "Nothing can be decided for group {GroupId} of formation \"{FormationId}\" as its rows cannot be written: {Reason}")]
    public static partial void StoreIsAway(ILogger logger, string formationId, int groupId, string reason);

    [LoggerMessage(2110, LogLevel.Information, "{User} called {Function}({Arguments})")]
    public static partial void Called(ILogger logger, string? user, string? function, string arguments);

    [LoggerMessage(2120, LogLevel.Warning, "No {Operation}: hook before_change of {Node} stands in its way: {Words}")]
    public static partial void HookRefused(ILogger logger, string operation, string node, string words);

    [LoggerMessage(2121, LogLevel.Warning, "Hooks cannot be asked question {Id}, which is tried again: {Reason}")]
    public static partial void CannotAsk(ILogger logger, long id, string reason);

    [LoggerMessage(2900, LogLevel.Debug, "The service listens on {Path}")]
    public static partial void ServiceListens(ILogger logger, string path);

    [LoggerMessage(2901, LogLevel.Error, "A request of the SQL API failed: {Request}")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string request);

    [LoggerMessage(2902, LogLevel.Warning, "A connection to the service was refused: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, string reason);

    [LoggerMessage(2903, LogLevel.Debug, "Service connection {Id} ended: {Reason}")]
    public static partial void ConnectionBroken(ILogger logger, long id, string reason);

    [LoggerMessage(2904, LogLevel.Error, "Service connection {Id} failed")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception, long id);
}
