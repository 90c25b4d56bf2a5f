using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>Turning synchronous replication on and off on a primary.</summary>
internal static class SynchronousReplication
{
    /// <summary>How often a walsender's progress is looked at. A standby that is nearly there needs a few of these.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>The same for a standby that takes its time.</summary>
    private static readonly TimeSpan s_slowLook = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_quick = TimeSpan.FromSeconds(3);

    public static async Task DisableAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await Running.EnsureAsync(c, cancellationToken);
        c.Log.DisablingSync();
        await c.Server.SetSynchronousStandbyNamesAsync("", cancellationToken);
    }

    /// <summary>
    /// From the moment at which the value is in force, commits wait for a standby. What was acknowledged before that moment lies
    /// before the position taken then, so once a standby that counts has flushed past it, the standby has everything that was
    /// ever acknowledged: only then may the node say that it is <c>primary</c>.
    /// </summary>
    public static async Task EnableAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await Running.EnsureAsync(c, cancellationToken);
        var names = await SetAsMonitorSaysAsync(c, cancellationToken);
        if (names.Length == 0)
        {
            return;
        }

        var target = await PositionAsync(c, cancellationToken);
        c.Log.WaitingForStandby(target);
        var begun = c.Time.GetTimestamp();
        while (!await SomeStandbyReachedAsync(c, target, cancellationToken))
        {
            await Task.Delay(c.Time.GetElapsedTime(begun) < s_quick ? s_look : s_slowLook, c.Time, cancellationToken);
        }
    }

    /// <summary>Sets <c>synchronous_standby_names</c> to what the monitor says, and returns it.</summary>
    public static async Task<string> SetAsMonitorSaysAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var names = await c.Monitor.GetSynchronousStandbyNamesAsync(c.Options.FormationId, c.GroupId, cancellationToken);
        c.Log.SettingSync(names);
        await c.Server.SetSynchronousStandbyNamesAsync(names, cancellationToken);
        return names;
    }

    // A position of 0/0 would be passed by any standby: PostgreSQL has to answer first.
    private static async Task<Lsn> PositionAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        while (true)
        {
            var observation = await c.Server.ObserveAsync(cancellationToken);
            if (observation is { IsReady: true, Lsn.IsValid: true })
            {
                return observation.Lsn;
            }

            await Task.Delay(s_look, c.Time, cancellationToken);
        }
    }

    private static async Task<bool> SomeStandbyReachedAsync(KeeperContext c, Lsn target, CancellationToken cancellationToken)
    {
        var observation = await c.Server.ObserveAsync(cancellationToken);
        var standby = observation.WalSenders.FirstOrDefault(
            w => ReportBuilder.IsStreaming(w) && w.SyncState is "sync" or "quorum" && w.FlushLsn >= target);
        if (standby is null)
        {
            return false;
        }

        c.Log.StandbyReached(standby.ApplicationName, standby.FlushLsn, target);
        return true;
    }
}
