using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Cli.Logging;

/// <summary>Log messages of the command line and of the supervisor; event ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Error, "{Message}")]
    public static partial void CommandFailed(this ILogger logger, string message);

    [LoggerMessage(5001, LogLevel.Warning, "HINT: {Hint}")]
    public static partial void CommandHint(this ILogger logger, string hint);

    [LoggerMessage(5002, LogLevel.Critical, "This is a defect of pg_autoctl")]
    public static partial void CommandBroke(this ILogger logger, Exception exception);

    [LoggerMessage(5003, LogLevel.Warning, "Given a monitor, --pgdata \"{PgData}\" is ignored")]
    public static partial void PgDataIgnored(this ILogger logger, string pgData);

    [LoggerMessage(5004, LogLevel.Warning, "{Severity}:  {Message}")]
    public static partial void MonitorNotice(this ILogger logger, string severity, string message);

    [LoggerMessage(5005, LogLevel.Information, "{Message}")]
    public static partial void MonitorLog(this ILogger logger, string message);

    [LoggerMessage(5006, LogLevel.Information, "Group {Group} of formation \"{Formation}\"")]
    public static partial void TargetGroup(this ILogger logger, int group, string formation);

    [LoggerMessage(5007, LogLevel.Information, "Waiting {Seconds} s at most until a node of formation \"{Formation}\", group {Group}, is {State}")]
    public static partial void WaitingForState(this ILogger logger, int seconds, string formation, int group, string state);

    [LoggerMessage(5008, LogLevel.Information, "Each line shows the time at which the notification came")]
    public static partial void FollowingNotifications(this ILogger logger);

    [LoggerMessage(5009, LogLevel.Warning, "{Message}; reconnecting, and asking for the states from then on")]
    public static partial void NotificationsLost(this ILogger logger, string message);

    [LoggerMessage(5010, LogLevel.Information, "Waiting until the primary has applied the settings")]
    public static partial void WaitingForSettings(this ILogger logger);

    [LoggerMessage(5011, LogLevel.Warning, "Option --contents is ignored where all files are shown")]
    public static partial void ContentsIgnored(this ILogger logger);

    [LoggerMessage(5012, LogLevel.Information, """
        HINT: run these commands as root to have systemd start it:
        pg_autoctl -q show systemd --pgdata "{PgData}" | tee /etc/systemd/system/pgautofailover.service
        systemctl daemon-reload
        systemctl enable pgautofailover
        systemctl start pgautofailover
        """)]
    public static partial void SystemdHint(this ILogger logger, string pgData);

    [LoggerMessage(5013, LogLevel.Information, "Node \"{Node}\" is in maintenance already")]
    public static partial void AlreadyInMaintenance(this ILogger logger, string node);

    [LoggerMessage(5014, LogLevel.Warning, "{Message}\nThis may pass; trying again")]
    public static partial void RefusedForNow(this ILogger logger, string message);

    [LoggerMessage(5015, LogLevel.Information, "Created formation \"{Formation}\" of kind \"{Kind}\" on the monitor, with secondaries {Secondary}")]
    public static partial void FormationCreated(this ILogger logger, string formation, string kind, string secondary);

    [LoggerMessage(5016, LogLevel.Information, "Dropped formation \"{Formation}\" on the monitor")]
    public static partial void FormationDropped(this ILogger logger, string formation);

    [LoggerMessage(5017, LogLevel.Information, "Secondaries are {Outcome} in formation \"{Formation}\"")]
    public static partial void SecondaryChanged(this ILogger logger, string formation, string outcome);

    [LoggerMessage(5018, LogLevel.Information, "pg_autoctl is not running at \"{PgData}\"")]
    public static partial void NotRunning(this ILogger logger, string pgData);

    [LoggerMessage(5019, LogLevel.Information, "pg_autoctl is running with pid {Pid}")]
    public static partial void Running(this ILogger logger, int pid);

    [LoggerMessage(5020, LogLevel.Warning, "Postgres is not ready at \"{PgData}\": {Status}")]
    public static partial void PostgresNotReady(this ILogger logger, string pgData, string status);

    [LoggerMessage(5021, LogLevel.Information, "Postgres is serving PGDATA \"{PgData}\" on port {Port} with pid {Pid}")]
    public static partial void PostgresServes(this ILogger logger, string pgData, int port, int pid);

    [LoggerMessage(5022, LogLevel.Information, "Stopping pg_autoctl with pid {Pid}")]
    public static partial void StoppingService(this ILogger logger, int pid);

    [LoggerMessage(5023, LogLevel.Information, "Stopping PostgreSQL at \"{PgData}\", pid {Pid}")]
    public static partial void StoppingPostgres(this ILogger logger, string pgData, int pid);

    [LoggerMessage(5024, LogLevel.Information, "Removing \"{Path}\"")]
    public static partial void Removing(this ILogger logger, string path);

    [LoggerMessage(5025, LogLevel.Warning, "Data directory \"{PgData}\" and configuration file \"{ConfigFile}\" are kept\nHINT: use --destroy to remove them")]
    public static partial void FilesKept(this ILogger logger, string pgData, string configFile);

    [LoggerMessage(5026, LogLevel.Information, "Asking the monitor to drop node {NodeId}")]
    public static partial void RemovingNode(this ILogger logger, long nodeId);

    [LoggerMessage(5027, LogLevel.Information, "Node {NodeId} has been dropped from the monitor")]
    public static partial void NodeDropped(this ILogger logger, long nodeId);

    [LoggerMessage(5028, LogLevel.Warning, "The monitor does not know this node in formation \"{Formation}\" any more")]
    public static partial void NodeUnknown(this ILogger logger, string formation);

    [LoggerMessage(5109, LogLevel.Warning, "This node is run without a monitor: PostgreSQL is kept as it is until another state is assigned by hand, and nobody sees to a failover")]
    public static partial void MonitorIsDisabled(this ILogger logger);

    [LoggerMessage(5110, LogLevel.Error, "The configuration names a monitor with which this node was not registered\nHINT: \"pg_autoctl disable monitor\", then \"pg_autoctl enable monitor URI\", register it")]
    public static partial void NotRegisteredHere(this ILogger logger);

    [LoggerMessage(5111, LogLevel.Information, "Found node {NodeId} \"{Name}\" ({Address}) on the monitor")]
    public static partial void FoundOnMonitor(this ILogger logger, long nodeId, string name, string address);

    [LoggerMessage(5112, LogLevel.Information, "Removing node {NodeId} \"{Name}\" ({Address}) from monitor")]
    public static partial void RemovingFromMonitor(this ILogger logger, long nodeId, string name, string address);

    [LoggerMessage(5113, LogLevel.Warning, "Going on without the monitor: {Reason}")]
    public static partial void GoingOnWithoutMonitor(this ILogger logger, string reason);

    [LoggerMessage(5114, LogLevel.Information, "Successfully registered to the monitor with nodeId {NodeId}")]
    public static partial void RegisteredToMonitor(this ILogger logger, long nodeId);

    [LoggerMessage(5100, LogLevel.Information, "Started pg_autoctl {Service} service with pid {Pid}")]
    public static partial void StartedService(this ILogger logger, string service, int pid);

    [LoggerMessage(5101, LogLevel.Error, "The {Service} service failed")]
    public static partial void ServiceFailed(this ILogger logger, string service, Exception exception);

    [LoggerMessage(5102, LogLevel.Warning, "Starting the {Service} service again")]
    public static partial void RestartingService(this ILogger logger, string service);

    [LoggerMessage(5068, LogLevel.Warning, "The {Service} service fails again and again: starting it again in {Seconds:0} s")]
    public static partial void RestartingServiceLater(this ILogger logger, string service, double seconds);

    [LoggerMessage(5103, LogLevel.Critical, "The {Service} service failed more than {Restarts} times within {Seconds} s; stopping everything")]
    public static partial void ServiceFailsTooOften(this ILogger logger, string service, int restarts, double seconds);

    [LoggerMessage(5104, LogLevel.Information, "Received {Signal}")]
    public static partial void SignalReceived(this ILogger logger, string signal);

    [LoggerMessage(5105, LogLevel.Critical, "Pidfile \"{Path}\" is gone or names another process; stopping")]
    public static partial void PidFileLost(this ILogger logger, string path);

    [LoggerMessage(5106, LogLevel.Warning, "Removed stale pidfile \"{Path}\" of pid {Pid}, which is gone, or is another process now")]
    public static partial void StalePidFile(this ILogger logger, string path, int pid);

    [LoggerMessage(5107, LogLevel.Warning, """
        No encryption is used for network traffic: whoever listens can read the replicated data
        Use --ssl-self-signed instead of --no-ssl: it is as easy
        """)]
    public static partial void NoEncryption(this ILogger logger);

    [LoggerMessage(5108, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(5029, LogLevel.Information, "Postgres at \"{PgData}\" is ok, running with pid {Pid} and port {Port}")]
    public static partial void PostgresIsOk(this ILogger logger, string pgData, int pid, int port);

    [LoggerMessage(5030, LogLevel.Information, "Connection to local Postgres is ok, using \"{Connection}\"")]
    public static partial void LocalConnectionIsOk(this ILogger logger, string connection);

    [LoggerMessage(5031, LogLevel.Information, "Settings of Postgres are as replication needs them")]
    public static partial void SettingsAreOk(this ILogger logger);

    [LoggerMessage(5032, LogLevel.Information, "Connection to monitor is ok, using \"{Uri}\"")]
    public static partial void MonitorIsOk(this ILogger logger, string uri);

    [LoggerMessage(5130, LogLevel.Information, "The monitor is ready at {Uri}")]
    public static partial void MonitorIsReady(this ILogger logger, string uri);

    [LoggerMessage(5131, LogLevel.Information, "The node is initialised")]
    public static partial void NodeIsInitialized(this ILogger logger);

    [LoggerMessage(5132, LogLevel.Information, "Node {NodeId} \"{Name}\" exists already")]
    public static partial void NodeExists(this ILogger logger, long nodeId, string name);

    [LoggerMessage(5133, LogLevel.Information, "Read \"{ConfigFile}\" again")]
    public static partial void Reloaded(this ILogger logger, string configFile);

    [LoggerMessage(5134, LogLevel.Error, "The configuration is left as it was: {Problem}")]
    public static partial void ReloadFailed(this ILogger logger, string problem);

    [LoggerMessage(5200, LogLevel.Information, "Connecting to {Host} (port {Port})")]
    public static partial void ConnectingTo(this ILogger logger, string host, int port);

    [LoggerMessage(5201, LogLevel.Debug, "\"{Host}\" has address {Address}")]
    public static partial void HostHasAddress(this ILogger logger, string host, string address);

    [LoggerMessage(5202, LogLevel.Information, "Hostname \"{Host}\" resolves to IP address {Address} and back")]
    public static partial void ResolvesBothWays(this ILogger logger, string host, string address);

    [LoggerMessage(5203, LogLevel.Information, "HBA rules for this host would name IP address \"{Address}\"")]
    public static partial void AddressInstead(this ILogger logger, string address);

    [LoggerMessage(5204, LogLevel.Information, "Found \"{PgCtl}\" of Postgres {Version}")]
    public static partial void FoundPgCtl(this ILogger logger, string pgCtl, string version);

    [LoggerMessage(5205, LogLevel.Information, "`{Command}` would use \"{PgCtl}\" for Postgres {Version}")]
    public static partial void WouldUsePgCtl(this ILogger logger, string command, string pgCtl, string version);

    [LoggerMessage(5206, LogLevel.Information, "Postgres status is: \"{Status}\"")]
    public static partial void PostgresStatus(this ILogger logger, string status);

    [LoggerMessage(5207, LogLevel.Information, "Postgres is now serving PGDATA \"{PgData}\" on port {Port} with pid {Pid}")]
    public static partial void PostgresServesNow(this ILogger logger, string pgData, int port, int pid);

    [LoggerMessage(5208, LogLevel.Warning, "Postgres logs from \"{Path}\":")]
    public static partial void ServerLogFrom(this ILogger logger, string path);

    [LoggerMessage(EventId = 5209, Message = "{Line}")]
    public static partial void ServerLogLine(this ILogger logger, LogLevel level, string line);

    [LoggerMessage(5210, LogLevel.Information, "Asking pg_autoctl with pid {Pid} to restart its service \"{Service}\"")]
    public static partial void AskingForRestart(this ILogger logger, int pid, string service);

    [LoggerMessage(5211, LogLevel.Information, "Service \"{Service}\" has been restarted, within pid {Pid}")]
    public static partial void ServiceRestarted(this ILogger logger, string service, int pid);

    [LoggerMessage(5212, LogLevel.Information, "Postgres at \"{PgData}\" does not run")]
    public static partial void PostgresIsOff(this ILogger logger, string pgData);

    [LoggerMessage(5213, LogLevel.Information, "The version of extension \"pgautofailover\" is \"{Version}\" on the monitor")]
    public static partial void MonitorVersion(this ILogger logger, string version);

    [LoggerMessage(5214, LogLevel.Information, "\"{PgData}\" is rewound, and follows {Upstream} as soon as it is started")]
    public static partial void Rewound(this ILogger logger, string pgData, string upstream);

    [LoggerMessage(5215, LogLevel.Information, "Replication slot \"{Slot}\" {Outcome}")]
    public static partial void SlotOutcome(this ILogger logger, string slot, string outcome);

    [LoggerMessage(5216, LogLevel.Information, "Postgres at \"{PgData}\" takes writes")]
    public static partial void TakesWrites(this ILogger logger, string pgData);

    [LoggerMessage(5217, LogLevel.Information, "It needs the replication slot \"{Slot}\" there: \"pg_autoctl do primary slot create {NodeId}\" on that server creates it where it is missing")]
    public static partial void NeedsSlot(this ILogger logger, string slot, long nodeId);

    [LoggerMessage(5218, LogLevel.Information, "Initializing an FSM state in \"{Path}\"")]
    public static partial void InitializingState(this ILogger logger, string path);

    [LoggerMessage(5219, LogLevel.Warning, "Node {NodeId} \"{Name}\" could not be asked whether it takes writes: {Reason}")]
    public static partial void CannotAsk(this ILogger logger, long nodeId, string name, string reason);

    [LoggerMessage(5220, LogLevel.Information, "pg_autoctl \"{Version}\"")]
    public static partial void ProgramVersionIs(this ILogger logger, string version);

    [LoggerMessage(5221, LogLevel.Information, "pgautofailover \"{Version}\"")]
    public static partial void ExtensionVersionIs(this ILogger logger, string version);

    [LoggerMessage(5222, LogLevel.Information, "\"{PgData}\" is a copy of {Upstream}, and follows it as soon as it is started")]
    public static partial void Copied(this ILogger logger, string pgData, string upstream);

    [LoggerMessage(5223, LogLevel.Information, "Postgres at \"{PgData}\" is recovered and shut down")]
    public static partial void Recovered(this ILogger logger, string pgData);

    [LoggerMessage(5224, LogLevel.Information, "Postgres at \"{PgData}\" has role \"{Role}\"")]
    public static partial void HasRole(this ILogger logger, string pgData, string role);

    [LoggerMessage(5225, LogLevel.Information, "The settings of Postgres at \"{PgData}\" {Outcome}")]
    public static partial void HasDefaults(this ILogger logger, string pgData, string outcome);

    [LoggerMessage(5226, LogLevel.Information, "No way leads out of this network: using address {Address} of interface {Interface}")]
    public static partial void AddressOfOnlyNetwork(this ILogger logger, string address, string @interface);

    [LoggerMessage(5300, LogLevel.Information, "Serving metrics and health over HTTP on {Address}")]
    public static partial void HttpListening(this ILogger logger, string address);

    [LoggerMessage(5301, LogLevel.Error, "Failed to serve metrics and health over HTTP on {Address}, which is tried again: {Reason}. Settings http.port and http.listen_address say where")]
    public static partial void HttpNotListening(this ILogger logger, string address, string reason);

    [LoggerMessage(5302, LogLevel.Debug, "An HTTP connection ended early: {Reason}")]
    public static partial void HttpConnectionLost(this ILogger logger, string reason);

    [LoggerMessage(5303, LogLevel.Error, "Page {Path} failed")]
    public static partial void HttpPageFailed(this ILogger logger, string path, Exception exception);

    [LoggerMessage(5304, LogLevel.Debug, "The service manager could not be told \"{Message}\": {Reason}")]
    public static partial void ManagerNotTold(this ILogger logger, string message, string reason);

    [LoggerMessage(5305, LogLevel.Information, "Metrics and health are not served over HTTP on {Address} any more")]
    public static partial void HttpStopped(this ILogger logger, string address);

    [LoggerMessage(5033, LogLevel.Debug, "{Message}")]
    public static partial void StillAway(this ILogger logger, string message);

    [LoggerMessage(5034, LogLevel.Warning, "Option --json is ignored: a dashboard has no JSON")]
    public static partial void JsonIgnored(this ILogger logger);

    [LoggerMessage(5035, LogLevel.Warning, "Lines of \"{File}\" that begin with \"host\" go on letting unencrypted sessions in: make them \"hostssl\" once every node and client encrypts")]
    public static partial void HbaAllowsUnencrypted(this ILogger logger, string file);

    [LoggerMessage(5036, LogLevel.Warning, "PostgreSQL or pg_autoctl does not run: the new SSL settings come into force when they are started")]
    public static partial void SslAtNextStart(this ILogger logger);

    [LoggerMessage(5037, LogLevel.Information, "SSL is {State} now, and connections to others are made with sslmode \"{Mode}\"")]
    public static partial void SslIsInForce(this ILogger logger, string state, string mode);

    [LoggerMessage(5038, LogLevel.Information, "\"{PgData}\" holds a cluster of PostgreSQL {Major}, which becomes this node; its configuration is kept")]
    public static partial void ClusterIsAdopted(this ILogger logger, string pgData, int major);

    [LoggerMessage(5039, LogLevel.Warning, "listen_addresses is \"{Before}\" in the configuration, where other nodes cannot reach PostgreSQL: it is to be \"{After}\"; --listen chooses other addresses")]
    public static partial void ListensMoreWidely(this ILogger logger, string before, string after);

    [LoggerMessage(5040, LogLevel.Warning, "{Setting} is {Value} in the configuration of \"{PgData}\": {Consequence}")]
    public static partial void RiskySetting(this ILogger logger, string setting, string value, string pgData, string consequence);

    [LoggerMessage(5041, LogLevel.Warning, "Option {Option} means nothing to \"{Command}\", and is ignored")]
    public static partial void OptionIgnored(this ILogger logger, string option, string command);

    [LoggerMessage(5400, LogLevel.Information, "Using application connection string \"{Uri}\"")]
    public static partial void ApplicationUri(this ILogger logger, string uri);

    [LoggerMessage(5401, LogLevel.Information, "Using Postgres user \"{User}\"")]
    public static partial void ApplicationUser(this ILogger logger, string user);

    [LoggerMessage(5402, LogLevel.Information, "Preparing demo schema: {Statement}")]
    public static partial void PreparingDemo(this ILogger logger, string statement);

    [LoggerMessage(5403, LogLevel.Warning, "{Severity}:  {Message}")]
    public static partial void DemoNotice(this ILogger logger, string severity, string message);

    [LoggerMessage(5404, LogLevel.Information, "Starting {Clients} concurrent clients")]
    public static partial void StartingClients(this ILogger logger, int clients);

    [LoggerMessage(5405, LogLevel.Information, "Client {Client} pauses for {SleepMs} ms at least and {CapMs} ms at most before it tries again")]
    public static partial void ClientStarted(this ILogger logger, int client, int sleepMs, int capMs);

    [LoggerMessage(5406, LogLevel.Information, "Client {Client} wrote {Writes} rows, {Interrupted} of them after retries; its longest way to a connection took {ConnectMs:0.000} ms, its longest write {WriteMs:0.000} ms")]
    public static partial void ClientEnded(this ILogger logger, int client, int writes, int interrupted, double connectMs, double writeMs);

    [LoggerMessage(5407, LogLevel.Debug, "Client {Client} tries again: {Reason}")]
    public static partial void ClientRetries(this ILogger logger, int client, string reason);

    [LoggerMessage(5408, LogLevel.Information, "A failover is asked for in {First} s, and every {Interval} s after that")]
    public static partial void FailoversPlanned(this ILogger logger, int first, int interval);

    [LoggerMessage(5409, LogLevel.Warning, "No failover will happen: the first one would be after {First} s, and the run takes {Duration} s")]
    public static partial void NoTimeForFailover(this ILogger logger, int first, int duration);

    [LoggerMessage(5410, LogLevel.Information, "Asking for a failover of formation \"{Formation}\", group {Group}")]
    public static partial void AskingForFailover(this ILogger logger, string formation, int group);

    [LoggerMessage(5411, LogLevel.Warning, "There is no failover this time: {Reason}")]
    public static partial void FailoverRefused(this ILogger logger, string reason);

    [LoggerMessage(5412, LogLevel.Information, "Summary for the demo app running with {Clients} clients for {Duration}s")]
    public static partial void DemoSummary(this ILogger logger, int clients, int duration);

    [LoggerMessage(5413, LogLevel.Information, "{Host} (port {Port}) takes writes; connecting took {Ms:0.000} ms and {Retries} retries")]
    public static partial void ApplicationConnected(this ILogger logger, string host, int port, double ms, int retries);

    [LoggerMessage(5414, LogLevel.Information, "Summary for the demo app of the latest run, with {Clients} clients")]
    public static partial void DemoSummaryOfLatest(this ILogger logger, int clients);

    [LoggerMessage(5420, LogLevel.Information, "Writing \"{File}\"")]
    public static partial void WritingSessionFile(this ILogger logger, string file);

    [LoggerMessage(5421, LogLevel.Information, "The session goes on without a terminal: \"tmux attach -t {Name}\" shows it")]
    public static partial void SessionIsDetached(this ILogger logger, string name);

    [LoggerMessage(5422, LogLevel.Information, "Ending the tmux session of \"{Root}\"")]
    public static partial void EndingSession(this ILogger logger, string root);

    [LoggerMessage(5423, LogLevel.Information, "Stopping pg_autoctl of \"{PgData}\", with pid {Pid}")]
    public static partial void StoppingSessionNode(this ILogger logger, string pgData, int pid);

    [LoggerMessage(5424, LogLevel.Information, "No pg_autoctl runs for \"{PgData}\"")]
    public static partial void SessionNodeIsOff(this ILogger logger, string pgData);

    [LoggerMessage(5425, LogLevel.Information, "Waiting until {What}")]
    public static partial void WaitingForSession(this ILogger logger, string what);

    [LoggerMessage(5426, LogLevel.Information, "The session was left: what runs in \"{Root}\" is stopped, and its files stay")]
    public static partial void SessionWasLeft(this ILogger logger, string root);

    [LoggerMessage(5427, LogLevel.Information, "Create docker volume \"{Volume}\"")]
    public static partial void CreatingVolume(this ILogger logger, string volume);

    [LoggerMessage(5428, LogLevel.Information, "Remove docker volume \"{Volume}\"")]
    public static partial void RemovingVolume(this ILogger logger, string volume);

    [LoggerMessage(5060, LogLevel.Warning, "The monitor runs pg_autoctl {Monitor}, this is {Own}: {Consequence}")]
    public static partial void MonitorHasOtherVersion(this ILogger logger, string monitor, string own, string consequence);

    [LoggerMessage(5061, LogLevel.Information, "Going on as \"{Path}\"; PostgreSQL is not stopped")]
    public static partial void GoingOnAs(this ILogger logger, string path);

    [LoggerMessage(5062, LogLevel.Warning, "{Blocked}")]
    public static partial void GroupIsBlocked(this ILogger logger, string blocked);

    [LoggerMessage(5063, LogLevel.Warning, "DETAIL:  {Detail}")]
    public static partial void MonitorNoticeDetail(this ILogger logger, string detail);

    [LoggerMessage(5064, LogLevel.Warning, "HINT:  {Hint}")]
    public static partial void MonitorNoticeHint(this ILogger logger, string hint);

    [LoggerMessage(5065, LogLevel.Warning, "Failing over with --allow-data-loss, which gives up what only lost nodes hold: {Loss}")]
    public static partial void FailoverGivesUp(this ILogger logger, string loss);

    [LoggerMessage(5066, LogLevel.Warning, "{Remark}")]
    public static partial void ConfigRemark(this ILogger logger, string remark);

    [LoggerMessage(5067, LogLevel.Warning, "Formation \"{Formation}\" can have no node yet: coordinators and workers of Citus come later")]
    public static partial void NoCitusNodesYet(this ILogger logger, string formation);
}
