using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Postgres;

/// <summary>Log messages of this project: event ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Debug, "Running {Command}")]
    public static partial void RunningProgram(ILogger logger, string command);

    [LoggerMessage(EventId = 2001, Message = "{Program}: {Line}")]
    public static partial void ProgramOutput(ILogger logger, LogLevel level, string program, string line);

    [LoggerMessage(2010, LogLevel.Information, "Starting PostgreSQL: {Command}")]
    public static partial void StartingPostgres(ILogger logger, string command);

    [LoggerMessage(2011, LogLevel.Information, "PostgreSQL runs with pid {Pid} on port {Port} and accepts connections after {Elapsed:0} ms")]
    public static partial void PostgresIsReady(ILogger logger, int pid, int port, double elapsed);

    [LoggerMessage(2012, LogLevel.Information, "PostgreSQL already runs in \"{PgData}\" with pid {Pid}, now watched from here")]
    public static partial void AdoptedPostgres(ILogger logger, string pgData, int pid);

    [LoggerMessage(2013, LogLevel.Information, "Stopping PostgreSQL pid {Pid} ({Mode})")]
    public static partial void StoppingPostgres(ILogger logger, int pid, string mode);

    [LoggerMessage(2014, LogLevel.Information, "PostgreSQL has stopped after {Elapsed:0} ms")]
    public static partial void PostgresHasStopped(ILogger logger, double elapsed);

    [LoggerMessage(2015, LogLevel.Warning, "PostgreSQL pid {Pid} did not stop in time: {What}")]
    public static partial void EscalatingStop(ILogger logger, int pid, string what);

    [LoggerMessage(2016, LogLevel.Warning, "PostgreSQL pid {Pid} ended by itself")]
    public static partial void PostgresDied(ILogger logger, int pid);

    [LoggerMessage(2017, LogLevel.Warning, "Restart {Attempt} of PostgreSQL failed: {Problem}")]
    public static partial void RestartFailed(ILogger logger, int attempt, string problem);

    [LoggerMessage(2018, LogLevel.Error, "PostgreSQL could not be restarted in place ({Attempts} attempts, {Elapsed:0.0} s): {Problem}")]
    public static partial void GivingUpRestart(ILogger logger, int attempts, double elapsed, string problem);

    [LoggerMessage(2019, LogLevel.Warning, "Ending {Count} processes that outlived their postmaster in \"{PgData}\"")]
    public static partial void EndingOrphans(ILogger logger, int count, string pgData);

    [LoggerMessage(2020, LogLevel.Information, "PostgreSQL recovers: {What}")]
    public static partial void Recovering(ILogger logger, string what);

    [LoggerMessage(2021, LogLevel.Information, "PostgreSQL pid {Pid} is stopping, and gets {Limit:0} s in all for it")]
    public static partial void StillStopping(ILogger logger, int pid, double limit);

    [LoggerMessage(2030, LogLevel.Information, "Wrote \"{Path}\"")]
    public static partial void WroteFile(ILogger logger, string path);

    [LoggerMessage(2031, LogLevel.Information, "Added to \"{Path}\": {Rule}")]
    public static partial void AddedHbaRule(ILogger logger, string path, string rule);

    [LoggerMessage(2032, LogLevel.Warning, "HBA rules are left to you; this one is needed: {Rule}")]
    public static partial void HbaRuleNeeded(ILogger logger, string rule);

    [LoggerMessage(2033, LogLevel.Warning, "Host name \"{Host}\" does not resolve forward and back to the same address; HBA rules have {Address} instead")]
    public static partial void HbaUsesAddress(ILogger logger, string host, string address);

    [LoggerMessage(2034, LogLevel.Warning, "No network interface has an address of \"{Host}\": no HBA rule lets the local network in; write one, or set postgresql.hba_level to \"minimal\"")]
    public static partial void NoLocalNetwork(ILogger logger, string host);

    [LoggerMessage(2035, LogLevel.Warning, "Line {Number} of \"{Path}\" comes first and decides by another method: {Line}. Remove it and reload, else this one that was added has no effect: {Rule}")]
    public static partial void HbaLineComesFirst(ILogger logger, int number, string path, string line, string rule);

    [LoggerMessage(2040, LogLevel.Information, "synchronous_standby_names is now '{Value}'")]
    public static partial void SetSynchronousStandbyNames(ILogger logger, string value);

    [LoggerMessage(2041, LogLevel.Information, "Released {Count} commits that waited for a synchronous standby")]
    public static partial void ReleasedCommits(ILogger logger, int count);

    [LoggerMessage(2050, LogLevel.Information, "Stopped receiving WAL at {Lsn} on timeline {Timeline}")]
    public static partial void StoppedReceiving(ILogger logger, string lsn, int timeline);

    [LoggerMessage(2051, LogLevel.Information, "Promoted: PostgreSQL takes writes after {Elapsed:0} ms")]
    public static partial void Promoted(ILogger logger, double elapsed);

    [LoggerMessage(2052, LogLevel.Warning, "The checkpoint after the promotion failed: {Problem}")]
    public static partial void CheckpointFailed(ILogger logger, string problem);

    [LoggerMessage(2060, LogLevel.Information, "Creating a cluster in \"{PgData}\"")]
    public static partial void RunningInitDb(ILogger logger, string pgData);

    [LoggerMessage(2061, LogLevel.Information, "Taking a base backup of {Upstream} into \"{Directory}\"")]
    public static partial void TakingBaseBackup(ILogger logger, string upstream, string directory);

    [LoggerMessage(2062, LogLevel.Information, "The base backup is now \"{PgData}\"")]
    public static partial void BaseBackupIsInPlace(ILogger logger, string pgData);

    [LoggerMessage(2063, LogLevel.Information, "Rewinding \"{PgData}\" to {Upstream}")]
    public static partial void Rewinding(ILogger logger, string pgData, string upstream);

    [LoggerMessage(2064, LogLevel.Warning, "Removing what is left of an unfinished {What} in \"{Directory}\"")]
    public static partial void RemovingUnfinished(ILogger logger, string what, string directory);

    [LoggerMessage(2065, LogLevel.Warning, "Removing the former copy of a tablespace in \"{Directory}\"")]
    public static partial void RemovingTablespace(ILogger logger, string directory);

    [LoggerMessage(2070, LogLevel.Information, "Created replication slot \"{Slot}\"")]
    public static partial void CreatedSlot(ILogger logger, string slot);

    [LoggerMessage(2071, LogLevel.Information, "Dropped replication slot \"{Slot}\"")]
    public static partial void DroppedSlot(ILogger logger, string slot);

    [LoggerMessage(2072, LogLevel.Warning, "{Upstream} lets this node stream, and not read its WAL files: {Reason}. Whether both have the same WAL is judged by timelines and positions alone; a role that pg_rewind can work with, and its rule in pg_hba.conf for a database, would tell")]
    public static partial void FilesNotRead(ILogger logger, string upstream, string reason);

    [LoggerMessage(2080, LogLevel.Information, "Created a self-signed certificate for \"{HostName}\" in \"{Path}\"")]
    public static partial void CreatedCertificate(ILogger logger, string hostName, string path);

    [LoggerMessage(2090, LogLevel.Debug, "Connection to the local PostgreSQL failed: {Problem}")]
    public static partial void LocalConnectionFailed(ILogger logger, string problem);
}
