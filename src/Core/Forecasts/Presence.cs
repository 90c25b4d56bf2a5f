using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Forecasts;

/// <summary>
/// Who takes part in what is foreseen. Whoever is away stays away, and whoever does not receive from the present leader goes on not to: of
/// neither is it known when it ends.
/// </summary>
internal sealed class Presence
{
    /// <summary>A keeper reports every second; one that is late by this much is taken to be away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ImmutableHashSet<long> _present;
    private readonly ImmutableHashSet<long> _deaf;
    private readonly long? _leaderId;

    public Presence(GroupView group, long? lostId, MonitorSettings settings, Clock clock)
    {
        _leaderId = group.Live.FirstOrDefault(n => n.Goal.CanTakeWrites())?.Id;
        _present = [.. group.Nodes.Where(n => n.Id != lostId && !IsAway(n, group, settings, clock)).Select(n => n.Id)];
        _deaf = [.. group.Nodes.Where(n => n.NotStreamingSince is { } since && clock.Now - since > settings.ReplicationStallTimeout).Select(n => n.Id)];
    }

    /// <summary>Silent, or known to be lost.</summary>
    public static bool IsAway(NodeView node, GroupView group, MonitorSettings settings, Clock clock) =>
        clock.Now - node.ReportedAt > Patience || NodeJudgement.WhyLost(node, group, settings, clock) is not null;

    /// <summary>It has not received from whoever led for <c>replication_stall_timeout</c>.</summary>
    public bool IsDeaf(NodeView standby) => _deaf.Contains(standby.Id);

    public bool Has(NodeView node) => _present.Contains(node.Id);

    /// <summary>The standby has not received from the leader for <c>replication_stall_timeout</c>, and no other one leads by now.</summary>
    public bool IsDeafTo(NodeView standby, NodeView leader) => leader.Id == _leaderId && IsDeaf(standby) && !_deaf.Contains(leader.Id);
}
