using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>When to probe a node again. A node whose keeper is gone is looked at closely: refused connections are half of a proof.</summary>
internal static class ProbeSchedule
{
    private static readonly TimeSpan s_closeFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_watchfulFor = TimeSpan.FromSeconds(33);

    public static TimeSpan Next(ProbeTarget target, bool isFailing, TimeSpan now, MonitorSettings settings)
    {
        var usual = isFailing ? Shorter(settings.HealthCheckRetryDelay, settings.HealthCheckPeriod) : settings.HealthCheckPeriod;
        return (now - target.KeeperGoneAt) switch
        {
            { } gone when gone < s_closeFor => Shorter(usual, TimeSpan.FromMilliseconds(100)),
            { } gone when gone < s_watchfulFor => Shorter(usual, TimeSpan.FromMilliseconds(500)),
            _ => usual,
        };
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
