using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Postgres.Server;

/// <summary>
/// One local PostgreSQL instance, as the keeper's steps and the monitor's supervisor drive it. The simulator has a second
/// implementation: nothing here may assume a real process or a real disk. Everything is idempotent.
/// </summary>
public interface IPostgresServer
{
    /// <summary>True when the data directory holds a cluster (<c>PG_VERSION</c> and <c>global/pg_control</c>).</summary>
    bool DataDirectoryExists { get; }

    /// <summary>Whether a postmaster runs on the data directory, started by us or adopted.</summary>
    bool IsRunning { get; }

    /// <summary>
    /// Starts the postmaster where it does not run and waits until it accepts connections (for a standby: read-only ones).
    /// Recovery that makes progress is waited for; a postmaster that ends is an error that carries the last lines of its log.
    /// From then on a postmaster that dies by itself is started again at once, within the limits of the restart policy, until
    /// <see cref="StopAsync"/> or <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="PostgresException">It did not start; the message says why and what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops the postmaster: fast, then immediately where a fast stop does not end. Returns when it is gone.</summary>
    Task StopAsync(StopMode mode, CancellationToken cancellationToken);

    /// <summary>Stops supervising: the operator may start and stop PostgreSQL. A running postmaster is left alone.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);

    /// <summary>Restarts the supervised postmaster (fast stop, start).</summary>
    Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>What PostgreSQL is doing now: one query on a kept connection, or what its absence means. Never throws for a server that is down.</summary>
    Task<PostgresObservation> ObserveAsync(CancellationToken cancellationToken);

    /// <summary>Waits until something happened that an observer wants to know at once: the postmaster died, came up, or gave up.</summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);

    /// <summary><c>pg_controldata</c>.</summary>
    Task<ControlData> ReadControlDataAsync(CancellationToken cancellationToken);

    /// <summary><c>initdb</c> into an absent or empty data directory. An interrupted one is removed first and done again.</summary>
    Task InitDbAsync(CancellationToken cancellationToken);

    /// <summary>Writes <c>postgresql-auto-failover.conf</c>, its include line and a self-signed certificate where asked for. True when anything changed.</summary>
    Task<bool> WriteSettingsAsync(CancellationToken cancellationToken);

    /// <summary>Creates the configured user, database, extension and the roles of the monitor and of replication, and their HBA rules. A primary must run.</summary>
    Task CreateRolesAsync(IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken);

    /// <summary>Adds the HBA rules for the monitor's health checks, and for these nodes to replicate and rewind from this one; reloads when something changed.</summary>
    Task EnsureHbaAsync(IReadOnlyList<string> monitorHosts, IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken);

    /// <summary><c>SIGHUP</c>.</summary>
    Task ReloadAsync(CancellationToken cancellationToken);

    Task CheckpointAsync(CancellationToken cancellationToken);

    /// <summary>ALTER SYSTEM, reload, and return when the running server shows the value. Allowed in recovery.</summary>
    Task SetSynchronousStandbyNamesAsync(string value, CancellationToken cancellationToken);

    /// <summary>Writes <c>standby.signal</c> and <c>postgresql-auto-failover-standby.conf</c>; without an upstream, without <c>primary_conninfo</c>. True when anything changed.</summary>
    Task<bool> WriteStandbySettingsAsync(Upstream? upstream, CancellationToken cancellationToken);

    /// <summary>Disconnects the walreceiver for good by a reload, without leaving recovery, and returns when it is gone and replay has reached its end.</summary>
    Task StopReceivingAsync(CancellationToken cancellationToken);

    /// <summary>Leaves recovery and returns when the server takes writes; then removes the standby settings. Does nothing on a primary.</summary>
    Task PromoteAsync(CancellationToken cancellationToken);

    /// <summary>IDENTIFY_SYSTEM and the timeline history of an upstream, over a replication connection.</summary>
    Task<UpstreamIdentity> IdentifyAsync(Upstream upstream, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the WAL that this node has is the upstream's, as far as both have been on the same timelines by number: two nodes that are promoted without knowing of each other
    /// begin two timelines of one number, and PostgreSQL goes by the number.
    /// </summary>
    /// <param name="timeline">Of this node's last position.</param>
    /// <param name="upTo">A position on it up to which this node has WAL.</param>
    /// <returns>Null where it cannot be told: none was written since, or it is not there any more.</returns>
    Task<bool?> SharesWalAsync(Upstream upstream, UpstreamIdentity identity, int timeline, Lsn upTo, CancellationToken cancellationToken);

    /// <summary><c>pg_basebackup</c> with a fast checkpoint into the backup directory, which then replaces the data directory; or straight into it when so configured.</summary>
    Task BaseBackupAsync(Upstream upstream, CancellationToken cancellationToken);

    /// <summary><c>pg_rewind</c> to the upstream, which is asked for a checkpoint first.</summary>
    /// <exception cref="PostgresException">Rewinding cannot work; a base backup is needed.</exception>
    Task RewindAsync(Upstream upstream, CancellationToken cancellationToken);

    /// <summary>
    /// Physical slots <c>pgautofailover_standby_&lt;id&gt;</c>: one for each other node; ours that belong to nobody and are inactive are dropped.
    /// On a standby inactive ones are advanced to the position that the monitor knows of their node, never backwards.
    /// </summary>
    Task EnsureSlotsAsync(IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken);

    /// <summary>Drops all our slots (after a rewind, whose copy of them is stale).</summary>
    Task DropSlotsAsync(CancellationToken cancellationToken);
}

/// <summary>How to stop PostgreSQL.</summary>
public enum StopMode
{
    Smart,

    /// <summary>Sessions are ended and a last checkpoint is written; an immediate stop follows where that takes longer than a minute.</summary>
    Fast,

    /// <summary>The same, and a large last checkpoint gets ten minutes: for a stop that nobody but its operator waits for.</summary>
    Patient,

    Immediate,
}

/// <summary>Where a standby streams from.</summary>
/// <param name="NodeId">Node id of the upstream; 0 for a server that is no node.</param>
/// <param name="OwnNodeId">Id of the node that connects: names its slot and its <c>application_name</c>; 0 for one that has neither.</param>
public sealed record Upstream(long NodeId, string Name, string Host, int Port, long OwnNodeId)
{
    /// <summary>Role to connect as; default: the one that nodes have for each other.</summary>
    public string Role { get; init; } = Standby.Conninfo.Replicator;

    public override string ToString() => NodeId > 0 ? $"node {NodeId} \"{Name}\" ({HostName.WithPort(Host, Port)})" : HostName.WithPort(Host, Port);
}

/// <summary>What an upstream says of itself.</summary>
/// <param name="SystemIdentifier">As of IDENTIFY_SYSTEM.</param>
/// <param name="History">Timeline history: each past timeline with the position at which it was left; empty on timeline 1.</param>
public sealed record UpstreamIdentity(long SystemIdentifier, int Timeline, Lsn FlushLsn, IReadOnlyList<(int Timeline, Lsn SwitchPoint)> History);

/// <summary>What <c>pg_controldata</c> says.</summary>
/// <param name="State">For example <c>in production</c>, <c>shut down</c>, <c>shut down in recovery</c>.</param>
public sealed record ControlData(
    int ControlVersion,
    long CatalogVersion,
    long SystemIdentifier,
    string State,
    Lsn LatestCheckpoint,
    int Timeline,
    Lsn MinRecoveryEnd,
    int MinRecoveryEndTimeline);

/// <summary>Stage of a PostgreSQL instance.</summary>
public enum PostgresPhase
{
    /// <summary>No postmaster.</summary>
    Down,

    /// <summary>A postmaster that does not accept sessions yet.</summary>
    Starting,

    /// <summary>Accepts sessions.</summary>
    Ready,

    /// <summary>A postmaster that is on its way out.</summary>
    Stopping,

    /// <summary>Is to run and does not: the restart policy has given up. <see cref="PostgresObservation.Problem"/> says why.</summary>
    Failed,
}

/// <summary>One look at a local PostgreSQL.</summary>
public sealed record PostgresObservation
{
    public required PostgresPhase Phase { get; init; }

    /// <summary>It was told to stop, and not to start again.</summary>
    public bool IsToStop { get; init; }

    /// <summary>Why it failed, in a sentence for an operator.</summary>
    public string? Problem { get; init; }

    /// <summary>Restart attempts since it last accepted sessions.</summary>
    public int RestartAttempts { get; init; }

    /// <summary>How long it has been down although it is to run.</summary>
    public TimeSpan DownFor { get; init; }

    public bool InRecovery { get; init; }

    /// <summary>Standby: timeline that the walreceiver receives, or of the newest WAL it has. Primary: its current timeline. 0 when it is not known.</summary>
    public int Timeline { get; init; }

    /// <summary>Standby: last received, else last replayed position. Primary: flush position.</summary>
    public Lsn Lsn { get; init; }

    public long SystemIdentifier { get; init; }

    /// <summary><c>server_version_num</c>.</summary>
    public int VersionNum { get; init; }

    public string SynchronousStandbyNames { get; init; } = "";

    /// <summary>Walsenders of our standbys.</summary>
    public IReadOnlyList<WalSender> WalSenders { get; init; } = [];

    /// <summary>Null when no walreceiver runs.</summary>
    public WalReceiver? WalReceiver { get; init; }

    /// <summary>Standby: bytes of WAL that the upstream has announced and that are not replayed yet; null when no walreceiver runs, or it has heard nothing.</summary>
    public long? ReplayLag { get; init; }

    /// <summary>The recovery target in its configuration, which a standby must not have; empty where there is none.</summary>
    public string RecoveryTarget { get; init; } = "";

    public bool IsReady => Phase == PostgresPhase.Ready;
}

/// <summary>A row of <c>pg_stat_replication</c> that belongs to one of our standbys.</summary>
/// <param name="SinceReply">Time since the standby last answered.</param>
public sealed record WalSender(string ApplicationName, string State, string SyncState, Lsn FlushLsn, TimeSpan SinceReply);

/// <summary><c>pg_stat_wal_receiver</c>.</summary>
/// <param name="SinceMessage">Time since the last message of the upstream.</param>
public sealed record WalReceiver(bool Streaming, string Host, int Port, int Timeline, TimeSpan SinceMessage)
{
    /// <summary>Since it began, it has been offered WAL and has written none: it is about to fail for a full disk, say, and to be started again.</summary>
    public bool WritesNothing { get; init; }
}
