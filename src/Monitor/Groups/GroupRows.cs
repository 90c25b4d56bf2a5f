using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// Which part of a view is durable at once, which is written lazily and which lives in memory only. Durable: everything that a
/// decision sets or an operator may edit, and reported states. Lazy: positions and times of reports and checks, which the next
/// heartbeat brings again. Memory only: evidence, links, probes.
/// </summary>
internal static class GroupRows
{
    /// <summary>No durable column differs between two views of a group.</summary>
    public static bool SameRows(GroupView a, GroupView b) =>
        a.Formation == b.Formation
        && a.IsRestored == b.IsRestored
        && (a.Terms == b.Terms || a.Terms.SequenceEqual(b.Terms))
        && a.Nodes.Length == b.Nodes.Length
        && a.Nodes.Zip(b.Nodes).All(pair => SameRow(pair.First, pair.Second));

    /// <summary>No durable column differs between two views of a node.</summary>
    public static bool SameRow(NodeView a, NodeView b) => ReferenceEquals(a, b) || (
        a.Id == b.Id
        && a.Goal == b.Goal
        && a.Reported == b.Reported
        && GoalIsInDoubt(a) == GoalIsInDoubt(b)
        && a.PgIsRunning == b.PgIsRunning
        && a.Health == b.Health
        && a.SystemIdentifier == b.SystemIdentifier
        && a.CandidatePriority == b.CandidatePriority
        && a.ReplicationQuorum == b.ReplicationQuorum
        && a.Port == b.Port
        && a.Host == b.Host
        && a.Name == b.Name
        && a.Client == b.Client
        && a.RegistrationId == b.RegistrationId
        && a.Cluster == b.Cluster);

    /// <summary>The reported state equals the goal by chance so far; see <see cref="NodeView.GoalConfirmed"/>.</summary>
    public static bool GoalIsInDoubt(NodeView node) => node.Goal == node.Reported && !node.GoalConfirmed;

    /// <summary>The rows as read from the tables, with what memory knows better: later reports and all evidence.</summary>
    public static GroupView WithMemory(GroupView rows, GroupView memory) => rows with
    {
        Nodes = [.. rows.Nodes.Select(row => memory.Find(row.Id) is { } known ? WithMemory(row, known) : row)],
    };

    /// <summary>The nodes of a view whose lazy columns differ from those of another.</summary>
    public static ImmutableArray<long> DirtyNodes(GroupView before, GroupView after) =>
        [.. after.Nodes.Where(n => before.Find(n.Id) is not { } old || old.ReportedAt != n.ReportedAt || old.HealthCheckedAt != n.HealthCheckedAt).Select(n => n.Id)];

    private static NodeView WithMemory(NodeView row, NodeView known)
    {
        var reportIsNewer = known.ReportedAt > row.ReportedAt;
        return row with
        {
            ReportedAt = reportIsNewer ? known.ReportedAt : row.ReportedAt,
            RepState = reportIsNewer ? known.RepState : row.RepState,
            Timeline = reportIsNewer ? known.Timeline : row.Timeline,
            Lsn = reportIsNewer ? known.Lsn : row.Lsn,
            WalReportedAt = reportIsNewer ? known.WalReportedAt : row.WalReportedAt,
            HealthCheckedAt = known.HealthCheckedAt > row.HealthCheckedAt ? known.HealthCheckedAt : row.HealthCheckedAt,

            // The row's wall-clock time would begin primary_demote_timeout anew where nothing has changed.
            StateChangedAt = known.Goal == row.Goal && known.Reported == row.Reported ? known.StateChangedAt : row.StateChangedAt,
            Probe = known.Probe,
            ProbedAt = known.ProbedAt,
            Link = known.Link,
            LinkChangedAt = known.LinkChangedAt,
            Evidence = known.Evidence,
            NotStreamingSince = known.NotStreamingSince,
            RunsSince = known.RunsSince,
        };
    }
}
