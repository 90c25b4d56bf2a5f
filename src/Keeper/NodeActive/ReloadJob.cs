using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Applies a configuration that was read again (keeper-fsm.md section 6). Also done once when the keeper starts, for what was changed
/// while it was down.
/// </summary>
internal static class ReloadJob
{
    public static Job For(KeeperContext c, KeeperSettings settings) =>
        new(JobKind.Upkeep, "reload of the configuration", Row: null, ct => RunAsync(c, settings, ct));

    private static async Task RunAsync(KeeperContext c, KeeperSettings settings, CancellationToken cancellationToken)
    {
        var before = c.Settings;
        c.Settings = settings;
        if ((settings.Name, settings.Host, settings.Port) != (before.Name, before.Host, before.Port))
        {
            await c.Monitor.UpdateNodeMetadataAsync(c.NodeId, settings.Name, settings.Host, settings.Port, cancellationToken);
        }

        var role = c.State.Current.CurrentRole;
        if (!c.Server.DataDirectoryExists || c.State.Current.RewritingPgData || !(RoleRules.MustRun(role) || RoleRules.MustBeStopped(role)))
        {
            return;
        }

        if (await c.Server.WriteSettingsAsync(cancellationToken))
        {
            // Before the server takes them up: without encryption, the rules for encrypted sessions let nobody in.
            await c.Server.EnsureHbaAsync(c.Options.MonitorHosts, c.Others.Nodes, cancellationToken);
        }

        if (RoleRules.Follows(role) && c.Lease.MonitorHasAnswered && c.Monitor.KnowsNodes)
        {
            await c.Server.WriteStandbySettingsAsync(await Upstreams.PrimaryAsync(c, cancellationToken), cancellationToken);
        }

        if (settings.Port != before.Port && c.Server.IsRunning)
        {
            // The monitor and the other node look for it at the new one from now on.
            c.Log.PortChanges(before.Port, settings.Port);
            await c.Server.RestartAsync(cancellationToken);
        }
        else if (c.Server.IsRunning)
        {
            // Even where no setting has changed: what they name, a certificate, may have.
            await c.Server.ReloadAsync(cancellationToken);
        }

        c.Log.Reloaded();
    }
}
