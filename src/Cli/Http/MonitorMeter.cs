using System.Diagnostics.Metrics;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor;

namespace PgAutoFailover.Cli.Http;

/// <summary>What a monitor tells a collector of metrics: each node of each group. Names and meanings are in docs/operations/http.md, and do not change.</summary>
internal static class MonitorMeter
{
    public static Meter Create(Func<MonitorStatus?> status)
    {
        var meter = new Meter("PgAutoFailover.Monitor");
        meter.CreateObservableGauge("pg_auto_failover.monitor.node.state", () => States(status(), n => n.Reported), description: "1 for the state that the node has reported");
        meter.CreateObservableGauge("pg_auto_failover.monitor.node.goal_state", () => States(status(), n => n.Goal), description: "1 for the state that the node is to be in");
        meter.CreateObservableGauge("pg_auto_failover.monitor.node.health", () => OfNodes(status(), (n, _) => (long)n.Health), description: "health checks of the node: 1 good, 0 bad, -1 not known");
        meter.CreateObservableGauge("pg_auto_failover.monitor.node.report.age", () => OfNodes(status(), (n, now) => (now - n.ReportedAt).TotalSeconds), "s", "time since the node's keeper reported last");
        meter.CreateObservableGauge("pg_auto_failover.monitor.node.wal.position", () => OfNodes(status(), (n, _) => (long)n.Lsn.Value), "By", "position in the WAL that the node has reported");
        meter.CreateObservableGauge("pg_auto_failover.monitor.group.primaries", () => Primaries(status()), description: "nodes of the group that take writes, as they and the monitor say: 1 when all is well");
        meter.CreateObservableGauge("pg_auto_failover.monitor.group.blocked", () => Blocked(status()), description: "1 while the group waits for an operator, or its writes for standbys that are away: see pg_autoctl explain");
        return meter;
    }

    private static IEnumerable<Measurement<long>> States(MonitorStatus? status, Func<NodeView, NodeState> state) => Groups(status).SelectMany(g => g.Nodes.SelectMany(
        n => NodeStates.All,
        (n, s) => new Measurement<long>(s == state(n) ? 1 : 0, [.. Labels(g), new("node", n.Name), new("state", s.ToWire())])));

    private static IEnumerable<Measurement<T>> OfNodes<T>(MonitorStatus? status, Func<NodeView, TimeSpan, T> value)
        where T : struct =>
        Groups(status).SelectMany(g => g.Nodes, (g, n) => new Measurement<T>(value(n, status!.Clock.Now), [.. Labels(g), new("node", n.Name)])); // groups come from it

    private static IEnumerable<Measurement<long>> Primaries(MonitorStatus? status) => Groups(status).Select(g => new Measurement<long>(
        g.Live.Count(n => n.Reported.CanTakeWrites() && n.Goal.CanTakeWrites() && NodeJudgement.IsInTouch(n, g, status!.Settings, status.Clock)), Labels(g))); // as above

    private static IEnumerable<Measurement<long>> Blocked(MonitorStatus? status) => Groups(status).Select(g => new Measurement<long>(
        Blockage.Of(g, status!.Settings, status.Clock) is null ? 0 : 1, Labels(g))); // as above

    private static IEnumerable<GroupView> Groups(MonitorStatus? status) => status?.Groups.Where(g => !g.Nodes.IsEmpty) ?? [];

    private static KeyValuePair<string, object?>[] Labels(GroupView group) => [new("formation", group.Formation.Id), new("group", group.GroupId)];
}
