using System.Diagnostics.Metrics;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Status;

namespace PgAutoFailover.Cli.Http;

/// <summary>What a node tells a collector of metrics. Names and meanings are in docs/operations/http.md, and do not change.</summary>
internal static class NodeMeter
{
    public static Meter Create(Func<NodeStatus?> status, TimeProvider time)
    {
        var meter = new Meter("PgAutoFailover.Keeper");
        meter.CreateObservableGauge("pg_auto_failover.node.state", () => States(status()?.Role), description: "1 for the state that the node is in");
        meter.CreateObservableGauge("pg_auto_failover.node.goal_state", () => States(status()?.Goal), description: "1 for the state that the node is to be in");
        meter.CreateObservableGauge("pg_auto_failover.node.primary", () => Bit(Serving.WhyNotPrimary(status(), time) is null), description: "1 while the node may take writes, as page /primary says");
        meter.CreateObservableGauge("pg_auto_failover.node.replica", () => Bit(Serving.WhyNotReplica(status(), mostLag: null, time) is null), description: "1 while the node may be read from as a standby, as page /replica says");
        meter.CreateObservableGauge("pg_auto_failover.node.healthy", () => Bit(Serving.WhyNotHealthy(status(), time) is null), description: "1 while the node is well, as page /health says");
        meter.CreateObservableGauge("pg_auto_failover.postgres.up", () => Bit(status()?.Observation.IsReady), description: "1 while PostgreSQL accepts sessions");
        meter.CreateObservableGauge("pg_auto_failover.monitor.contact.age", () => Seconds(status(), time, s => s.SinceMonitor), "s", "time since the monitor was heard last");
        meter.CreateObservableGauge("pg_auto_failover.standby.contact.age", () => Seconds(status() is { } s && s.Role.CanTakeWrites() ? s : null, time, s => s.SinceStandby), "s", "time since as many standbys were heard as commits wait for, on a primary");
        meter.CreateObservableGauge("pg_auto_failover.wal.position", () => Known(status()?.Observation is { Lsn.IsValid: true } o ? (long)o.Lsn.Value : null), "By", "position in the WAL that is written, or received on a standby");
        meter.CreateObservableGauge("pg_auto_failover.wal.timeline", () => Known(status()?.Observation is { Timeline: > 0 } o ? o.Timeline : null), description: "timeline of the WAL");
        meter.CreateObservableGauge("pg_auto_failover.replay.lag", () => Known(status()?.Observation.ReplayLag), "By", "WAL of the primary that a standby has left to replay");
        meter.CreateObservableGauge(
            "pg_auto_failover.streaming_standbys",
            () => Known(status()?.Observation is { IsReady: true, InRecovery: false } o ? o.WalSenders.Count(w => w.State == "streaming") : null),
            description: "standbys that stream from this primary");
        return meter;
    }

    private static IEnumerable<Measurement<long>> States(NodeState? state) => state is null
        ? []
        : NodeStates.All.Select(s => new Measurement<long>(s == state ? 1 : 0, new KeyValuePair<string, object?>("state", s.ToWire())));

    private static IEnumerable<Measurement<double>> Seconds(NodeStatus? status, TimeProvider time, Func<NodeStatus, TimeSpan> age) =>
        status is null ? [] : [new((age(status) + time.GetElapsedTime(status.At)).TotalSeconds)];

    private static IEnumerable<Measurement<long>> Known(long? value) => value is { } known ? [new(known)] : [];

    private static IEnumerable<Measurement<long>> Bit(bool? value) => Known(value is { } known ? (known ? 1 : 0) : null);
}
