namespace PgAutoFailover.Core.Groups;

/// <summary>
/// The <c>pgautofailover.*</c> parameters of the monitor's PostgreSQL. Names, units and defaults are those of 2.0
/// (the manual, "Configuring pg_auto_failover"), plus <c>replication_stall_timeout</c> of the development branch.
/// </summary>
public sealed record MonitorSettings
{
    public static MonitorSettings Default { get; } = new();

    /// <summary><c>pgautofailover.enable_health_checks</c>: default on.</summary>
    public bool EnableHealthChecks { get; init; } = true;

    /// <summary><c>pgautofailover.health_check_period</c>, ms: default 5 s.</summary>
    public TimeSpan HealthCheckPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>pgautofailover.health_check_timeout</c>, ms: default 5 s.</summary>
    public TimeSpan HealthCheckTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>pgautofailover.health_check_max_retries</c>, 1 to 100: default 2.</summary>
    public int HealthCheckMaxRetries { get; init; } = 2;

    /// <summary><c>pgautofailover.health_check_retry_delay</c>, ms: default 2 s.</summary>
    public TimeSpan HealthCheckRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>pgautofailover.enable_sync_wal_log_threshold</c>, bytes: default 16 MiB.</summary>
    public long EnableSyncWalLogThreshold { get; init; } = 16 * 1024 * 1024;

    /// <summary><c>pgautofailover.promote_wal_log_threshold</c>, bytes: default 16 MiB.</summary>
    public long PromoteWalLogThreshold { get; init; } = 16 * 1024 * 1024;

    /// <summary><c>pgautofailover.primary_demote_timeout</c>, ms: default 30 s.</summary>
    public TimeSpan PrimaryDemoteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>pgautofailover.node_considered_unhealthy_timeout</c>, ms: default 20 s.</summary>
    public TimeSpan NodeConsideredUnhealthyTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>pgautofailover.startup_grace_period</c>, ms: default 10 s.</summary>
    public TimeSpan StartupGracePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>pgautofailover.replication_stall_timeout</c>, ms: default 10 s.</summary>
    public TimeSpan ReplicationStallTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
