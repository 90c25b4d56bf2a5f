using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Groups;

/// <summary>
/// What the monitor knows of one node at a moment: the row of table <c>pgautofailover.node</c> plus evidence that lives in
/// memory only. Instants (<c>…At</c>) are offsets on the monitor's monotonic clock; those from before its start are negative.
/// </summary>
public sealed record NodeView
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>What applications are told in place of <see cref="Host"/> and <see cref="Port"/>; no decision depends on it.</summary>
    public ClientAddress Client { get; init; }

    /// <summary>Which keeper speaks for the node (<see cref="NodeEvidence.RegistrationId"/>); empty while it has not said.</summary>
    public string RegistrationId { get; init; } = "";

    /// <summary>Null until known; never 0.</summary>
    public long? SystemIdentifier { get; init; }

    public required NodeState Goal { get; init; }

    public required NodeState Reported { get; init; }

    public bool PgIsRunning { get; init; } = true;

    /// <summary>One of <c>unknown</c>, <c>async</c>, <c>potential</c>, <c>sync</c>, <c>quorum</c>.</summary>
    public string RepState { get; init; } = "async";

    public TimeSpan ReportedAt { get; init; }

    public int Timeline { get; init; } = 1;

    public Lsn Lsn { get; init; }

    public TimeSpan WalReportedAt { get; init; }

    public Health Health { get; init; } = Health.Unknown;

    public TimeSpan HealthCheckedAt { get; init; }

    /// <summary>When the goal or the reported state last changed.</summary>
    public TimeSpan StateChangedAt { get; init; }

    public int CandidatePriority { get; init; } = 100;

    public bool ReplicationQuorum { get; init; } = true;

    public string Cluster { get; init; } = "default";

    /// <summary>What the last probe met; memory only.</summary>
    public ProbeOutcome Probe { get; init; }

    /// <summary>When the last probe ended; memory only.</summary>
    public TimeSpan ProbedAt { get; init; }

    /// <summary>Memory only.</summary>
    public KeeperLink Link { get; init; }

    /// <summary>When <see cref="Link"/> last changed; memory only.</summary>
    public TimeSpan LinkChangedAt { get; init; }

    /// <summary>Evidence of the last report; memory only.</summary>
    public NodeEvidence Evidence { get; init; } = NodeEvidence.None;

    /// <summary>Since when a standby has not received, or nobody has received from a primary; null while it does; memory only.</summary>
    public TimeSpan? NotStreamingSince { get; init; }

    /// <summary>Since when each report says that PostgreSQL runs; what it says of a time when it did not is of no interest; memory only.</summary>
    public TimeSpan RunsSince { get; init; }

    /// <summary>
    /// The node reported its goal state knowing that it was its goal. A goal that is taken back and given again before its keeper
    /// hears of it equals an old report by chance: without this, a primary's word of long ago would count as news.
    /// </summary>
    public bool GoalConfirmed { get; init; } = true;

    /// <summary>Reported and goal state are both <paramref name="state"/>, and the keeper knew its goal when it reported.</summary>
    public bool ConvergedTo(NodeState state) => Goal == state && Reported == state && GoalConfirmed;

    /// <summary>How messages name a node: <c>node 1 "node1" (localhost:5501)</c>.</summary>
    public override string ToString() => $"node {Id} \"{Name}\" ({HostName.WithPort(Host, Port)})";
}
