using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Status;

/// <summary>
/// What the keeper's loop knew at the end of a round. It grows old: whoever reads it says how old it may be. Moments are timestamps of the keeper's
/// <see cref="TimeProvider"/>.
/// </summary>
public sealed record NodeStatus
{
    /// <summary>When the round ended.</summary>
    public required long At { get; init; }

    public required long NodeId { get; init; }

    public required int GroupId { get; init; }

    /// <summary>What the node is.</summary>
    public required NodeState Role { get; init; }

    /// <summary>What the monitor wants it to be, as far as is known.</summary>
    public required NodeState Goal { get; init; }

    /// <summary>PostgreSQL is being stopped, because another node takes over or may have.</summary>
    public required bool IsStopping { get; init; }

    /// <summary>A postmaster runs.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>The last look at PostgreSQL.</summary>
    public required PostgresObservation Observation { get; init; }

    /// <summary>When that look began; null before the first.</summary>
    public required long? ObservedAt { get; init; }

    /// <summary>The monitor has answered since this process started, or since it was thawed.</summary>
    public required bool MonitorHasAnswered { get; init; }

    /// <summary>How long ago, at <see cref="At"/>, the monitor's last answer was true.</summary>
    public required TimeSpan SinceMonitor { get; init; }

    /// <summary>How long ago, at <see cref="At"/>, a standby was heard last; since the start of the process where none was.</summary>
    public required TimeSpan SinceStandby { get; init; }

    /// <summary>When the report was sent that waits for its answer; null where none does.</summary>
    public required long? ReportingSince { get; init; }

    /// <summary><c>timeout.network_partition_timeout</c>.</summary>
    public required TimeSpan NetworkPartitionTimeout { get; init; }
}
