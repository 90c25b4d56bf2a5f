using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper;

/// <summary>What the keeper says. Event ids 3000 to 3999; an id never changes its meaning.</summary>
internal static partial class Log
{
    // ---- 3000: the loop and the monitor
    [LoggerMessage(3000, LogLevel.Information, "pg_autoctl service is running, current state is \"{State}\"")]
    public static partial void ServiceIsRunning(this ILogger log, string state);

    [LoggerMessage(3001, LogLevel.Trace, "Reporting state \"{State}\": running {Running}, timeline {Timeline}, position {Lsn}, sync state \"{SyncState}\"")]
    public static partial void Reporting(this ILogger log, string state, bool running, int timeline, Lsn lsn, string syncState);

    [LoggerMessage(3002, LogLevel.Warning, "Failed to report to the monitor: {Reason}{Detail}; will go on trying{Hint}")]
    private static partial void MonitorCallFailedCore(this ILogger log, string reason, string detail, string hint);

    [LoggerMessage(3003, LogLevel.Information, "The monitor answers again, after {Seconds:F1} s")]
    public static partial void MonitorIsBack(this ILogger log, double seconds);

    [LoggerMessage(3004, LogLevel.Information, "Monitor assigned new state \"{State}\"")]
    public static partial void GoalAssigned(this ILogger log, string state);

    [LoggerMessage(3005, LogLevel.Error, "The monitor does not know {Node} any more ({Reason}): stopping PostgreSQL, as another node may have taken its place")]
    public static partial void UnknownToMonitor(this ILogger log, string node, string reason);

    [LoggerMessage(3006, LogLevel.Warning, "This process did not run for {Seconds:F1} s; asking the monitor before anything else")]
    public static partial void WasFrozen(this ILogger log, double seconds);

    [LoggerMessage(3007, LogLevel.Information, "New state for {Node}: {Reported} ➜ {Goal}")]
    public static partial void StateChanged(this ILogger log, string node, string reported, string goal);

    [LoggerMessage(3008, LogLevel.Debug, "Notifications of the monitor are interrupted: {Reason}")]
    public static partial void NotificationsInterrupted(this ILogger log, string reason);

    [LoggerMessage(3009, LogLevel.Information, "Fetched the list of {Count} other nodes: updating HBA rules and replication slots")]
    public static partial void OtherNodesChanged(this ILogger log, int count);

    [LoggerMessage(3010, LogLevel.Information, "Applied the current configuration")]
    public static partial void Reloaded(this ILogger log);

    [LoggerMessage(3011, LogLevel.Information, "Assigned new state \"{State}\", by hand")]
    public static partial void GoalAssignedByHand(this ILogger log, string state);

    [LoggerMessage(3012, LogLevel.Error, "Nothing is started: {Reason} ({Hint})")]
    public static partial void StaysAsItIs(this ILogger log, string reason, string hint);

    // ---- 3100: transitions
    [LoggerMessage(3100, LogLevel.Information, "FSM transition from \"{From}\" to \"{To}\": {Why}")]
    public static partial void TransitionBegins(this ILogger log, string from, string to, string why);

    [LoggerMessage(3101, LogLevel.Information, "Transition complete: current state is now \"{State}\"")]
    public static partial void TransitionComplete(this ILogger log, string state);

    [LoggerMessage(3102, LogLevel.Critical, "There is no way from state \"{From}\" to state \"{To}\"; staying as it is")]
    public static partial void NoTransition(this ILogger log, string from, string to);

    [LoggerMessage(3103, LogLevel.Error, "Failed {Job}, which is tried again: {Reason}{Hint}")]
    public static partial void JobFailed(this ILogger log, string job, string reason, string hint);

    [LoggerMessage(3104, LogLevel.Error, "Cut off: {Node} has neither reached the monitor ({MonitorSeconds:F1} s) nor heard from as many standbys as its commits wait for ({StandbySeconds:F1} s) within network_partition_timeout ({LimitSeconds:F0} s). Stopping PostgreSQL, as another node may be promoted now")]
    private static partial void FencingCore(this ILogger log, string node, double limitSeconds, double monitorSeconds, double standbySeconds);

    [LoggerMessage(3105, LogLevel.Warning, "PostgreSQL runs although this node is in state \"{State}\": stopping it")]
    public static partial void StoppingUnwanted(this ILogger log, string state);

    [LoggerMessage(3106, LogLevel.Warning, "Restarting PostgreSQL: its port changes from {Before} to {After}")]
    public static partial void PortChanges(this ILogger log, int before, int after);

    // ---- 3200: steps
    [LoggerMessage(3200, LogLevel.Information, "Disabling synchronous replication")]
    public static partial void DisablingSync(this ILogger log);

    [LoggerMessage(3201, LogLevel.Information, "Setting synchronous_standby_names to '{Names}'")]
    public static partial void SettingSync(this ILogger log, string names);

    [LoggerMessage(3202, LogLevel.Information, "Waiting until a standby has reached position {Target}")]
    public static partial void WaitingForStandby(this ILogger log, Lsn target);

    [LoggerMessage(3203, LogLevel.Information, "Standby \"{Standby}\" has flushed up to {Lsn}, past {Target}")]
    public static partial void StandbyReached(this ILogger log, string standby, Lsn lsn, Lsn target);

    [LoggerMessage(3213, LogLevel.Information, "Fetching WAL from node {Id} \"{Name}\" ({Address}), up to {Target}")]
    public static partial void Fetching(this ILogger log, long id, string name, string address, Lsn target);

    [LoggerMessage(3214, LogLevel.Warning, "Cannot fetch WAL from node {Id} \"{Name}\", and another node is asked where there is one: {Reason}")]
    public static partial void CannotFetch(this ILogger log, long id, string name, string reason);

    [LoggerMessage(3215, LogLevel.Warning, "How far PostgreSQL had got when it was stopped cannot be told: {Reason}")]
    public static partial void EndIsUnknown(this ILogger log, string reason);

    [LoggerMessage(3204, LogLevel.Information, "Promoting PostgreSQL")]
    public static partial void Promoting(this ILogger log);

    [LoggerMessage(3205, LogLevel.Warning, "Checkpoint before stopping failed: {Reason}")]
    public static partial void CheckpointFailed(this ILogger log, string reason);

    [LoggerMessage(3206, LogLevel.Information, "Initializing PostgreSQL as a primary at \"{PgData}\"")]
    public static partial void InitializingPrimary(this ILogger log, string pgData);

    [LoggerMessage(3207, LogLevel.Information, "Initializing PostgreSQL as a standby at \"{PgData}\", following node {Id} \"{Name}\" ({Address})")]
    public static partial void InitializingStandby(this ILogger log, string pgData, long id, string name, string address);

    [LoggerMessage(3208, LogLevel.Warning, "The running primary at \"{PgData}\" was adopted and goes on; settings that need a restart (pg_settings.pending_restart tells which) come into force when pg_autoctl is stopped and started again")]
    public static partial void AdoptedPrimary(this ILogger log, string pgData);

    [LoggerMessage(3209, LogLevel.Information, "Following node {Id} \"{Name}\" ({Address}) by {Method}: {Reason}")]
    public static partial void Rejoining(this ILogger log, long id, string name, string address, string method, string reason);

    [LoggerMessage(3210, LogLevel.Warning, "pg_rewind cannot do it: {Reason}. Copying the data directory anew")]
    public static partial void RewindFailed(this ILogger log, string reason);

    [LoggerMessage(3211, LogLevel.Information, "Now following node {Id} \"{Name}\" ({Address})")]
    public static partial void Following(this ILogger log, long id, string name, string address);

    [LoggerMessage(3212, LogLevel.Information, "Reached timeline {Timeline}, same as upstream node {Id} \"{Name}\" ({Address})")]
    public static partial void ReachedTimeline(this ILogger log, int timeline, long id, string name, string address);

    // ---- 3300: PostgreSQL
    [LoggerMessage(3300, LogLevel.Warning, "PostgreSQL does not accept sessions any more ({Phase}): {Reason}")]
    public static partial void PostgresLost(this ILogger log, string phase, string reason);

    [LoggerMessage(3301, LogLevel.Error, "PostgreSQL does not start: {Problem}")]
    public static partial void PostgresFailed(this ILogger log, string problem);

    [LoggerMessage(3302, LogLevel.Information, "PostgreSQL accepts sessions on port {Port}")]
    public static partial void PostgresReady(this ILogger log, int port);

    [LoggerMessage(3303, LogLevel.Warning, "This standby does not stream: {Why}")]
    public static partial void DoesNotStream(this ILogger log, string why);

    [LoggerMessage(3304, LogLevel.Information, "This standby streams again")]
    public static partial void StreamsAgain(this ILogger log);

    [LoggerMessage(3305, LogLevel.Warning, "PostgreSQL of {Node} is offered WAL by its primary and writes none of it: its own log says why. Is the disk full?")]
    public static partial void ReceiverWritesNothing(this ILogger log, string node);

    [LoggerMessage(3306, LogLevel.Information, "PostgreSQL does not accept sessions any more ({Phase}): it is being stopped")]
    public static partial void PostgresStops(this ILogger log, string phase);

    // ---- 3400: creation
    [LoggerMessage(3400, LogLevel.Information, "Registered {Node} in formation \"{Formation}\", group {Group}, state \"{State}\"")]
    public static partial void Registered(this ILogger log, string node, string formation, int group, string state);

    [LoggerMessage(3401, LogLevel.Information, "Registration has to wait: {Reason}. Trying again for up to {Seconds:F0} s")]
    public static partial void RegistrationWaits(this ILogger log, string reason, double seconds);

    [LoggerMessage(3403, LogLevel.Information, "{Node} has been initialized")]
    public static partial void CreationComplete(this ILogger log, string node);

    [LoggerMessage(3404, LogLevel.Information, "The monitor does not have this node, or has dropped it: registering it again")]
    public static partial void RegisteringAgain(this ILogger log);

    [LoggerMessage(3405, LogLevel.Information, "Node {NodeId} \"{Name}\" ({Address}) is made without a monitor, in state \"init\": \"pg_autoctl do fsm assign\" says what it is to be")]
    public static partial void MadeWithoutMonitor(this ILogger log, long nodeId, string name, string address);

    // ---- 3500: hooks
    [LoggerMessage(3500, LogLevel.Information, "Running hook {Hook}: {Why}")]
    public static partial void HookBegins(this ILogger log, string hook, string why);

    [LoggerMessage(3501, LogLevel.Information, "{Hook}: {Line}")]
    public static partial void HookSaid(this ILogger log, string hook, string line);

    [LoggerMessage(3502, LogLevel.Warning, "{Hook} prints more than {Lines} lines; the rest is left out")]
    public static partial void HookSaysTooMuch(this ILogger log, string hook, int lines);

    [LoggerMessage(3503, LogLevel.Debug, "Hook {Hook} ended after {Seconds:F1} s")]
    public static partial void HookEnded(this ILogger log, string hook, double seconds);

    [LoggerMessage(3504, LogLevel.Warning, "Hook {Hook} failed: {How}")]
    public static partial void HookFailed(this ILogger log, string hook, string how);

    [LoggerMessage(3505, LogLevel.Warning, "Hook after_change is left out for {From} ➜ {To}: {Waiting} changes wait for it already")]
    public static partial void HookLeftOut(this ILogger log, string from, string to, int waiting);

    [LoggerMessage(3506, LogLevel.Warning, "This node does not agree to the planned {Operation}: hook before_change, {How}")]
    public static partial void HookRefuses(this ILogger log, string operation, string how);

    [LoggerMessage(3507, LogLevel.Debug, "The monitor cannot ask for hook before_change: {Reason}")]
    public static partial void HookIsOutOfReach(this ILogger log, string reason);

    [LoggerMessage(3600, LogLevel.Information, "The monitor was told where applications find this node: host {Host}, port {Port}")]
    public static partial void ClientAddressTold(this ILogger log, string host, string port);

    [LoggerMessage(3601, LogLevel.Warning, "The address for applications has no effect: the monitor runs a version that keeps none; it is told when it has been upgraded")]
    public static partial void ClientAddressHasNoEffect(this ILogger log);

    [LoggerMessage(3602, LogLevel.Information, "The monitor was told name and address of this node: \"{Name}\", {Address}")]
    public static partial void MetadataTold(this ILogger log, string name, string address);

    [LoggerMessage(3603, LogLevel.Error, "The monitor refuses name and address of this node, \"{Name}\" and {Address}, and is told again: {Reason}")]
    public static partial void MetadataRefused(this ILogger log, string name, string address, string reason);

    public static void MonitorCallFailed(this ILogger log, string reason, string? detail, string? hint) =>
        log.MonitorCallFailedCore(reason, detail is null ? "" : $" ({detail})", hint is null ? "" : $". {hint}");

    public static void Fencing(this ILogger log, string node, double limitSeconds, double monitorSeconds, double standbySeconds) =>
        log.FencingCore(node, limitSeconds, monitorSeconds, standbySeconds);
}
