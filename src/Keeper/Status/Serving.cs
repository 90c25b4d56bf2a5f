using System.Globalization;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;

namespace PgAutoFailover.Keeper.Status;

/// <summary>
/// What a node may be used for at this moment, judged by what its keeper knew a moment ago: null when it may, else a line that says why not. What is not
/// known for certain counts as no: a load balancer that asks again in a second loses a second, one that writes to a former primary loses more.
/// </summary>
public static class Serving
{
    /// <summary>The loop's rounds and its looks at PostgreSQL are a second apart; one that is late by this much knows nothing of the present.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    /// <summary>Why this node may not take writes now. The lease goes on running out since the status was taken.</summary>
    public static string? WhyNotPrimary(NodeStatus? status, TimeProvider time)
    {
        if (WhyUnknown(status, time) is { } unknown)
        {
            return unknown;
        }

        var s = status!; // of null nothing is known
        if (!s.Role.CanTakeWrites() || !s.Goal.CanTakeWrites() || s.IsStopping)
        {
            return StateOf(s);
        }

        if (!s.MonitorHasAnswered)
        {
            return "the monitor has not answered since this keeper started: another node may have been promoted";
        }

        var since = time.GetElapsedTime(s.At);
        if (RoleRules.MayBeReplaced(s.Role) && s.SinceMonitor + since > s.NetworkPartitionTimeout && s.SinceStandby + since > s.NetworkPartitionTimeout)
        {
            return "cut off: neither the monitor nor as many standbys as commits wait for were heard within network_partition_timeout";
        }

        return WhyPostgresIsNotReady(s) ?? (s.Observation.InRecovery ? "PostgreSQL is in recovery" : null);
    }

    /// <summary>Why this node may not be read from as a standby now.</summary>
    /// <param name="mostLag">How many bytes of WAL that the primary has written it may have left to replay; null: no matter how many.</param>
    public static string? WhyNotReplica(NodeStatus? status, long? mostLag, TimeProvider time)
    {
        if (WhyUnknown(status, time) is { } unknown)
        {
            return unknown;
        }

        var s = status!; // of null nothing is known
        if (s.Role != NodeState.Secondary || s.Goal != NodeState.Secondary)
        {
            return StateOf(s);
        }

        if (WhyPostgresIsNotReady(s) is { } notReady)
        {
            return notReady;
        }

        if (!s.Observation.InRecovery || s.Observation.WalReceiver is not { Streaming: true })
        {
            return "does not receive from the primary";
        }

        return mostLag is not { } most ? null
            : s.Observation.ReplayLag is not { } lag ? "how much is left to replay is not known"
            : lag > most ? string.Create(CultureInfo.InvariantCulture, $"{lag} bytes are left to replay, more than {most}")
            : null;
    }

    /// <summary>Why this node is not well: its keeper stands still, or PostgreSQL is to run and does not.</summary>
    public static string? WhyNotHealthy(NodeStatus? status, TimeProvider time) =>
        WhyUnknown(status, time) ?? (RoleRules.MustRun(status!.Role) ? WhyPostgresIsNotReady(status) : null); // of null nothing is known

    /// <summary>
    /// Whether the keeper has not got stuck. What it does on PostgreSQL may take hours, and the monitor may be away; but its rounds go on, and a report is
    /// given up after seconds.
    /// </summary>
    public static bool Moves(NodeStatus status, TimeSpan within, TimeProvider time) =>
        time.GetElapsedTime(status.At) < within
        && (status.ReportingSince is not { } since || time.GetElapsedTime(since) < within + Heartbeat.Limit);

    /// <summary>The state, and the one to come.</summary>
    public static string StateOf(NodeStatus status) =>
        status.Goal == status.Role ? status.Role.ToWire() : $"{status.Role.ToWire()}, to become {status.Goal.ToWire()}";

    private static string? WhyUnknown(NodeStatus? status, TimeProvider time)
    {
        if (status?.ObservedAt is not { } observedAt)
        {
            return "the keeper has not looked at PostgreSQL yet";
        }

        // Also after a freeze: time went on, and the status did not.
        var age = time.GetElapsedTime(status.At);
        var look = time.GetElapsedTime(observedAt);
        return age > Freshness ? string.Create(CultureInfo.InvariantCulture, $"the keeper has stood still for {age.TotalSeconds:F1} s")
            : look > Freshness ? string.Create(CultureInfo.InvariantCulture, $"PostgreSQL was looked at {look.TotalSeconds:F1} s ago")
            : null;
    }

    private static string? WhyPostgresIsNotReady(NodeStatus s) =>
        !s.IsRunning ? "PostgreSQL does not run" : s.Observation.IsReady ? null : $"PostgreSQL does not accept sessions: {s.Observation.Problem ?? s.Observation.Phase.ToString()}";
}
