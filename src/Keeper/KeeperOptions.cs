namespace PgAutoFailover.Keeper;

/// <summary>What stays as it is while a keeper runs.</summary>
public sealed record KeeperOptions
{
    public required string FormationId { get; init; }

    /// <summary>The data directory, for messages.</summary>
    public required string PgData { get; init; }

    /// <summary>Version of this program, which goes into the evidence of each report.</summary>
    public required string ProgramVersion { get; init; }

    public required KeeperSettings Settings { get; init; }

    /// <summary>Hosts of the monitor, whose health checks the HBA rules let in: several where it may be at one of them. None where that is not known.</summary>
    public IReadOnlyList<string> MonitorHosts { get; init; } = [];

    /// <summary>There is no monitor: an operator's hand says what the node is to be.</summary>
    public bool HasNoMonitor { get; init; }

    /// <summary>True for a <c>create</c> without <c>--run</c>: the loop ends when the node is initialised.</summary>
    public bool StopWhenInitialized { get; init; }
}

/// <summary>Why a keeper's loop ended.</summary>
public enum KeeperOutcome
{
    /// <summary>It was asked to stop.</summary>
    Stopped,

    /// <summary>The node is initialised, and that is all that was asked for.</summary>
    Initialized,

    /// <summary>The node was dropped: everything is to stop.</summary>
    Dropped,

    /// <summary>The monitor does not know this node any more: everything is to stop, and not to be started again (exit code 122).</summary>
    Unknown,
}
