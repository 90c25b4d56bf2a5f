using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>Turning synchronous replication on and off on a primary.</summary>
internal static class SynchronousReplication
{
    /// <summary>How often a walsender's progress is looked at. A standby that is nearly there needs a few of these.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>The same for a standby that takes its time.</summary>
    private static readonly TimeSpan s_slowLook = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_quick = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(1);

    public static async Task DisableAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await Running.EnsureAsync(c, cancellationToken);
        c.Log.DisablingSync();
        await c.Server.SetSynchronousStandbyNamesAsync("", cancellationToken);
    }

    /// <summary>
    /// From the moment at which the value is in force, commits wait for a standby. What was acknowledged before that moment lies
    /// before the position taken then, so once as many standbys as a commit waits for have flushed past it, everything that was ever
    /// acknowledged is held on the new terms: only then may the node say that it is <c>primary</c>.
    /// </summary>
    public static async Task EnableAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await Running.EnsureAsync(c, cancellationToken);
        var names = "";
        Lsn? target = null;
        var begun = c.Time.GetTimestamp();
        var asked = begun;
        while (true)
        {
            // Who is waited for may change while this waits: a standby that is lost now is not named any more.
            if (names.Length == 0 || c.Time.GetElapsedTime(asked) > s_askAgain)
            {
                asked = c.Time.GetTimestamp();

                // PostgreSQL may have died for good meanwhile: then nothing would ever be reached.
                await Running.EnsureAsync(c, cancellationToken);
                var wanted = await c.Monitor.GetSynchronousStandbyNamesAsync(c.Options.FormationId, c.GroupId, c.NodeId, cancellationToken);
                if (names.Length == 0 || wanted != names)
                {
                    c.Log.SettingSync(wanted);
                    await c.Server.SetSynchronousStandbyNamesAsync(wanted, cancellationToken);
                    if (wanted.Length == 0)
                    {
                        return;
                    }

                    names = wanted;
                    target = null;
                }
            }

            var observation = await c.Server.ObserveAsync(cancellationToken);

            // A position of 0/0 would be passed by any standby: PostgreSQL has to answer first.
            if (target is null && observation is { IsReady: true, Lsn.IsValid: true })
            {
                target = observation.Lsn;
                c.Log.WaitingForStandby(target.Value);
            }

            if (target is { } position && EnoughStandbysReached(c, observation, names, position))
            {
                return;
            }

            await Task.Delay(c.Time.GetElapsedTime(begun) < s_quick ? s_look : s_slowLook, c.Time, cancellationToken);
        }
    }

    private static bool EnoughStandbysReached(KeeperContext c, PostgresObservation observation, string names, Lsn target)
    {
        var standbys = observation.WalSenders.Where(
            w => ReportBuilder.IsStreaming(w) && w.SyncState is "sync" or "quorum" && w.FlushLsn >= target).ToList();
        if (standbys.Count == 0 || standbys.Count < (new AckTerms(c.NodeId, names).Standbys?.Required ?? 1))
        {
            return false;
        }

        c.Log.StandbyReached(standbys[0].ApplicationName, standbys[0].FlushLsn, target);
        return true;
    }
}
