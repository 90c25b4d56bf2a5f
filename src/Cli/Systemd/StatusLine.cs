using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Monitor;

namespace PgAutoFailover.Cli.Systemd;

/// <summary>How a service is, in the line that <c>systemctl status</c> shows. Without anything that changes every second.</summary>
internal static class StatusLine
{
    /// <summary>An answer comes every second; after so long without one, the monitor counts as out of reach.</summary>
    private static readonly TimeSpan s_reach = TimeSpan.FromSeconds(5);

    public static string Of(NodeStatus status, bool hasMonitor, TimeProvider time)
    {
        var monitor = !hasMonitor ? "without a monitor"
            : status.MonitorHasAnswered && status.SinceMonitor + time.GetElapsedTime(status.At) < s_reach ? "monitor reachable"
            : "monitor not reachable";
        return $"{Serving.StateOf(status)}, {monitor}{(RoleRules.MustRun(status.Role) && !status.IsRunning ? ", PostgreSQL does not run" : "")}";
    }

    public static string Of(MonitorStatus status) =>
        $"monitor, {status.Groups.Sum(g => g.Live.Length)} nodes in {status.Groups.Count(g => g.Live.Length > 0)} groups";
}
