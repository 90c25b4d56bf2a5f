using PgAutoFailover.Keeper.Hooks;

namespace PgAutoFailover.Keeper;

/// <summary>What an operator may change while the keeper runs (SIGHUP).</summary>
public sealed record KeeperSettings
{
    /// <summary>Name of this node; empty lets the monitor choose one at registration.</summary>
    public required string Name { get; init; }

    /// <summary>Host name under which other nodes reach this one.</summary>
    public required string Host { get; init; }

    /// <summary>Port of PostgreSQL.</summary>
    public required int Port { get; init; }

    /// <summary><c>timeout.network_partition_timeout</c>: default 20 s. A primary that has neither reached the monitor nor heard from as many standbys as its commits wait for (at least one) for longer stops itself.</summary>
    public TimeSpan NetworkPartitionTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What an operator has run before and after changes.</summary>
    public HookSettings Hooks { get; init; } = HookSettings.None;

    /// <summary><c>timeout.postgresql_restart_failure_timeout</c>: default 20 s.</summary>
    public TimeSpan RestartFailureTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>timeout.postgresql_restart_failure_max_retries</c>: default 3.</summary>
    public int RestartFailureMaxRetries { get; init; } = 3;
}
