using System.Collections.Immutable;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>One node gets a new goal state.</summary>
public readonly record struct GoalChange(long NodeId, NodeState Goal);

/// <summary>
/// What is to be done with a group, as a value: to be committed to the monitor's tables as a whole before anyone is told.
/// </summary>
public sealed record Decision
{
    /// <summary>Id of the rule that fired, or of the operator's operation: stable, for events, logs and the API.</summary>
    public required int RuleId { get; init; }

    /// <summary>What and why in one sentence; becomes the event's description and the <c>log</c> notification.</summary>
    public required string Message { get; init; }

    /// <summary>New goals, in the order in which their events are written.</summary>
    public ImmutableArray<GoalChange> Goals { get; init; } = [];

    /// <summary>Nodes whose row is deleted.</summary>
    public ImmutableArray<long> Removed { get; init; } = [];

    /// <summary>New candidate priorities (node id, priority).</summary>
    public ImmutableArray<(long NodeId, int Priority)> Priorities { get; init; } = [];

    /// <summary>What only a lost node holds is given up (<see cref="Groups.GroupView.Terms"/>): the operator has said so.</summary>
    public bool AcceptsLoss { get; init; }

    /// <summary>A standby, which receives nothing, of which the same is said, so that nobody waits for it any more; what others hold still counts.</summary>
    public long? GivenUp { get; init; }

    /// <summary>The nodes' own word takes the place of what a backup says of them (<see cref="Restoration"/>).</summary>
    public bool EndsRestoration { get; init; }

    /// <summary>New replication quorum memberships (node id, member).</summary>
    public ImmutableArray<(long NodeId, bool Quorum)> Quorums { get; init; } = [];

    /// <summary>New value of the formation's <c>number_sync_standbys</c>.</summary>
    public int? NumberSyncStandbys { get; init; }
}
