using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;

namespace PgAutoFailover.Simulation.Monitors;

/// <summary>
/// The tables of the monitor's database, which survive everything. Instants in rows are the world's, as wall-clock times are in the real
/// tables: each reader converts them to his own clock.
/// </summary>
internal sealed class SimTables
{
    private readonly SortedDictionary<string, GroupView> _groups = new(StringComparer.Ordinal) { ["default"] = new(Formation.Default, 0, []) };
    private readonly HashSet<string> _registrations = [];
    private long _lastNodeId;

    public IEnumerable<GroupView> Groups => _groups.Values;

    public bool HasRegistered(string registrationId) => _registrations.Contains(registrationId);

    public long NextNodeId() => ++_lastNodeId;

    public GroupView? Find(string formationId) => _groups.GetValueOrDefault(formationId);

    public void Put(GroupView group) => _groups[group.Formation.Id] = group;

    /// <summary>Writes the difference of a commit; false, and nothing, where a row is not what the commit expects.</summary>
    public bool Write(GroupView before, GroupView after, TimeSpan toWorld)
    {
        if (Find(before.Formation.Id) is not { } rows)
        {
            return false;
        }

        // Each statement names the values that it expects in the rows that it changes.
        var changed = before.Nodes.Where(old => after.Find(old.Id) is not { } node || !GroupRows.SameRow(old, node));
        if (changed.Any(old => rows.Find(old.Id) is not { } row || !SameIdentity(old, row))
            || (before.Formation != after.Formation && rows.Formation != before.Formation))
        {
            return false;
        }

        foreach (var gone in before.Nodes.Where(n => after.Find(n.Id) is null))
        {
            rows = rows.Without(gone.Id);
        }

        foreach (var node in after.Nodes)
        {
            _registrations.Add(node.RegistrationId);
            var old = before.Find(node.Id);
            if (old is null)
            {
                rows = rows with { Nodes = [.. rows.Nodes.Append(Row(node, toWorld)).OrderBy(n => n.Id)] };
                _lastNodeId = Math.Max(_lastNodeId, node.Id);
            }
            else if (!GroupRows.SameRow(old, node))
            {
                rows = rows.With(Row(node, toWorld));
            }
        }

        Put(rows with { Terms = after.Terms, Formation = before.Formation != after.Formation ? after.Formation : rows.Formation });
        return true;
    }

    /// <summary>Writes what heartbeats brought.</summary>
    public void Flush(NodeView node, TimeSpan toWorld)
    {
        foreach (var group in _groups.Values)
        {
            if (group.Find(node.Id) is { } row)
            {
                Put(group.With(row with
                {
                    RepState = node.RepState,
                    ReportedAt = node.ReportedAt + toWorld,
                    Timeline = node.Timeline,
                    Lsn = node.Lsn,
                    WalReportedAt = node.WalReportedAt + toWorld,
                    HealthCheckedAt = node.HealthCheckedAt + toWorld,
                }));
                return;
            }
        }
    }

    /// <summary>A group as the monitor reads it.</summary>
    public static GroupView Read(GroupView rows, TimeSpan toWorld) => rows with { Nodes = [.. rows.Nodes.Select(n => Shift(n, -toWorld))] };

    /// <summary><c>pgautofailover.get_primary</c>.</summary>
    public NodeAddress? Primary(string formationId)
    {
        var nodes = Find(formationId)?.Nodes ?? [];
        var primary = nodes.FirstOrDefault(n => n.Goal.CanTakeWrites())
            ?? nodes.Where(n => n.Goal != NodeState.Dropped && n.Reported.BelongsToPrimary()).OrderBy(n => n.Goal == NodeState.Demoted).ThenByDescending(n => n.Id).FirstOrDefault();
        return primary is null ? null : Address(primary);
    }

    /// <summary><c>pgautofailover.get_other_nodes</c>; null for a node that is not registered.</summary>
    public IReadOnlyList<NodeAddress>? Others(long nodeId) =>
        _groups.Values.FirstOrDefault(g => g.Find(nodeId) is not null) is { } group
            ? [.. group.Live.Where(n => n.Id != nodeId).Select(Address)]
            : null;

    /// <summary>The keeper's query for the node to fetch missing WAL from.</summary>
    public IReadOnlyList<NodeAddress> StandbysAhead(string formationId, long callerId) => Find(formationId) is { } group && group.Find(callerId) is { } caller
        ? [.. group.Nodes
            .Where(n => n.Id != callerId && n.ConvergedTo(NodeState.ReportLsn) && (n.Timeline, n.Lsn).CompareTo((caller.Timeline, caller.Lsn)) > 0)
            .OrderBy(n => n.Health == Health.Bad).ThenByDescending(n => n.Timeline).ThenByDescending(n => n.Lsn)
            .Select(n => Address(n) with { IsPrimary = false })]
        : [];

    private static NodeAddress Address(NodeView n) => new(n.Id, n.Name, n.Host, n.Port, n.Lsn, n.Reported.CanTakeWrites());

    private static bool SameIdentity(NodeView a, NodeView b) =>
        a.Goal == b.Goal && a.Reported == b.Reported && a.CandidatePriority == b.CandidatePriority && a.ReplicationQuorum == b.ReplicationQuorum
        && a.Name == b.Name && a.Host == b.Host && a.Port == b.Port && a.SystemIdentifier == b.SystemIdentifier && a.Cluster == b.Cluster;

    // What lives in memory only does not get into a row.
    private static NodeView Row(NodeView n, TimeSpan toWorld) => Shift(n, toWorld) with
    {
        Probe = ProbeOutcome.None,
        ProbedAt = default,
        Link = KeeperLink.NeverSeen,
        LinkChangedAt = default,
        Evidence = NodeEvidence.None,
        NotStreamingSince = null,
        GoalConfirmed = !GroupRows.GoalIsInDoubt(n),
    };

    private static NodeView Shift(NodeView n, TimeSpan by) => n with
    {
        ReportedAt = n.ReportedAt + by,
        WalReportedAt = n.WalReportedAt + by,
        HealthCheckedAt = n.HealthCheckedAt + by,
        StateChangedAt = n.StateChangedAt + by,
    };
}
