using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>What PostgreSQL does on a node of the model.</summary>
public enum Pg
{
    Nothing,
    Stopped,
    Receiving,
    Detached,
    Primary,
}

/// <summary>
/// One node of the model: what its keeper is doing (Actual), what the monitor was told (Reported) and wants (Goal), what the keeper knows of
/// that (Told, null after a restart), whether host and link to the monitor are up, and which writes it holds (a bit for each).
/// </summary>
public readonly record struct ModelNode
{
    public bool Exists { get; init; }

    public NodeState Actual { get; init; }

    public NodeState Reported { get; init; }

    public NodeState Goal { get; init; }

    public bool Confirmed { get; init; }

    public NodeState? Told { get; init; }

    public bool ToldIsPresent { get; init; }

    public bool Up { get; init; }

    public bool Link { get; init; }

    public bool SeenLost { get; init; }

    public bool LeaseOver { get; init; }

    /// <summary>The monitor has waited long enough for this node's position.</summary>
    public bool PatienceOver { get; init; }

    public bool PgReported { get; init; }

    public Pg Pg { get; init; }

    /// <summary>Number of the node that a receiving one receives from.</summary>
    public int Upstream { get; init; }

    /// <summary>Value of <c>synchronous_standby_names</c> in force.</summary>
    public string Names { get; init; }

    public int Timeline { get; init; }

    public uint Writes { get; init; }

    public int ReportedTimeline { get; init; }

    public int ReportedLsn { get; init; }

    /// <summary>One more than the count of writes with which PostgreSQL was stopped while it served; 0 where it was not.</summary>
    public int StoppedWith { get; init; }

    /// <summary>The same as the monitor was told.</summary>
    public int ReportedStoppedWith { get; init; }

    public bool Quorum { get; init; }

    public int Priority { get; init; }

    public bool PgRuns => Up && Pg is Pg.Receiving or Pg.Detached or Pg.Primary;

    public int Lsn => System.Numerics.BitOperations.PopCount(Writes);

    public override string ToString() => $"{Actual}/{Goal} {Pg}{(Pg == Pg.Receiving ? $" from {Upstream}" : Pg == Pg.Primary ? $" '{Names}'" : "")} {Timeline}:{Writes:b}{(Up ? "" : " down")}{(Link ? "" : " cut")}";
}
