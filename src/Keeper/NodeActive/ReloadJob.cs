using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Applies a configuration that was read again (keeper-fsm.md section 6). Also done once when the keeper starts, for what was changed
/// while it was down. The monitor hears of name and address elsewhere (<see cref="MetadataWatch"/>), for it may be away.
/// </summary>
internal static class ReloadJob
{
    public static Job For(KeeperContext c, LoopInputs inputs, KeeperSettings settings) =>
        new(JobKind.Upkeep, "reload of the configuration", Row: null, ct => RunAsync(c, inputs, settings, ct)) { Reload = settings };

    private static async Task RunAsync(KeeperContext c, LoopInputs inputs, KeeperSettings settings, CancellationToken cancellationToken)
    {
        c.Settings = settings;
        var role = c.State.Current.CurrentRole;
        if (!c.Server.DataDirectoryExists || c.State.Current.RewritingPgData || !(RoleRules.MustRun(role) || RoleRules.MustBeStopped(role)))
        {
            return;
        }

        // At the start the upkeep of the peers sees to the rules once PostgreSQL runs: it must not wait for names that resolve slowly.
        var isStart = ReferenceEquals(settings, c.Options.Settings);
        if (await c.Server.WriteSettingsAsync(cancellationToken) || !isStart)
        {
            // Before the server takes its settings up: without encryption, the rules for encrypted sessions let nobody in.
            await c.Server.EnsureHbaAsync(c.Options.MonitorHosts, c.Others.Nodes, cancellationToken);
        }

        if (RoleRules.Follows(role) && c.Lease.MonitorHasAnswered && c.Monitor.KnowsNodes)
        {
            await PointAsync(c, inputs, cancellationToken);
        }

        if (settings.Port != c.AppliedPort && c.Server.IsRunning)
        {
            // The monitor and the other node look for it at the new one from now on.
            c.Log.PortChanges(c.AppliedPort, settings.Port);
            await c.Server.RestartAsync(cancellationToken);
        }
        else if (c.Server.IsRunning)
        {
            // Even where no setting has changed: what they name, a certificate, may have.
            await c.Server.ReloadAsync(cancellationToken);
        }

        c.AppliedPort = settings.Port;
        c.Log.Reloaded();
    }

    // Of a monitor that is away nothing else waits: the upkeep of the peers sees to this one when it is back.
    private static async Task PointAsync(KeeperContext c, LoopInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            await c.Server.WriteStandbySettingsAsync(await Upstreams.PrimaryAsync(c, cancellationToken), cancellationToken);
        }
        catch (MonitorException)
        {
            c.Others.Doubt();
            inputs.Tell(LoopInput.GroupChanged);
        }
    }
}
