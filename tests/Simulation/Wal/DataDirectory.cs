using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Simulation.Wal;

/// <summary>What <c>pg_control</c> says of a cluster.</summary>
internal enum ClusterState
{
    ShutDown,
    ShutDownInRecovery,
    InProduction,
    InArchiveRecovery,
}

/// <summary>A data directory: what survives when its server, its keeper or its host dies. Only what has been flushed is in it.</summary>
internal sealed class DataDirectory(long systemIdentifier, WalBranch branch)
{
    public long SystemIdentifier { get; } = systemIdentifier;

    public WalBranch Branch { get; set; } = branch;

    /// <summary>Records of the branch that are durable here.</summary>
    public int Flushed { get; set; }

    /// <summary>Records that the data files certainly contain: a standby that crashed knows of no more.</summary>
    public int MinRecovery { get; set; }

    /// <summary>Records before the last checkpoint, which is one itself.</summary>
    public int Checkpoint { get; set; }

    /// <summary>Timeline of the last checkpoint: for a moment after a promotion it is the old one.</summary>
    public int ControlTimeline { get; set; } = 1;

    public ClusterState State { get; set; } = ClusterState.ShutDown;

    public bool StandbySignal { get; set; }

    /// <summary>As the standby's settings file has it.</summary>
    public Upstream? Upstream { get; set; }

    /// <summary><c>synchronous_standby_names</c> in <c>postgresql.auto.conf</c>.</summary>
    public string SyncNames { get; set; } = "";

    /// <summary>Slots, with the count of records from which on each keeps WAL.</summary>
    public Dictionary<string, int> Slots { get; } = [];

    /// <summary>Nodes that <c>pg_hba.conf</c> lets in.</summary>
    public HashSet<long> Hba { get; init; } = [];

    public Lsn End => Branch.LsnAt(Flushed);

    /// <summary>Everything that this directory has, <paramref name="other"/> has too.</summary>
    public bool IsPartOf(DataDirectory other) => other.Branch.Includes(other.Flushed, Branch, Flushed);

    public ControlData Control() => new(
        1300, 202209061, SystemIdentifier,
        State switch
        {
            ClusterState.ShutDown => "shut down",
            ClusterState.ShutDownInRecovery => "shut down in recovery",
            ClusterState.InProduction => "in production",
            _ => "in archive recovery",
        },
        Branch.LsnAt(Checkpoint),
        State is ClusterState.ShutDown or ClusterState.InProduction ? ControlTimeline : Branch.Timeline,
        State is ClusterState.ShutDownInRecovery or ClusterState.InArchiveRecovery ? Branch.LsnAt(MinRecovery) : default,
        State is ClusterState.ShutDownInRecovery or ClusterState.InArchiveRecovery ? Branch.Timeline : 0);
}
