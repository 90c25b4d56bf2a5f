using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>
/// Makes a primary of what the data directory was when the creation began: nothing, a stopped cluster, or a running primary, which
/// goes on running. Each part finds out by itself whether it has been done before.
/// </summary>
internal static class InitPrimary
{
    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var origin = c.State.LoadInit()?.Origin ?? (c.Server.DataDirectoryExists ? PgDataOrigin.Stopped : PgDataOrigin.Absent);
        c.Log.InitializingPrimary(c.Options.PgData);
        if (!c.Server.DataDirectoryExists)
        {
            if (origin != PgDataOrigin.Absent)
            {
                throw new PostgresException(
                    $"data directory \"{c.Options.PgData}\" was there when the creation of this node began, and is not any more",
                    "Put it back, or drop this node and create it anew");
            }

            await c.Server.InitDbAsync(cancellationToken);
        }

        var changed = await c.Server.WriteSettingsAsync(cancellationToken);
        if (origin == PgDataOrigin.RunningPrimary && c.Server.IsRunning)
        {
            await AdoptAsync(c, changed, cancellationToken);
        }
        else
        {
            await Running.EnsureAsync(c, cancellationToken);
        }

        await c.Server.SetSynchronousStandbyNamesAsync("", cancellationToken);
        await c.Server.PromoteAsync(cancellationToken);
        await c.Server.CreateRolesAsync(c.Options.MonitorHosts, cancellationToken);
        await SystemIdentity.PublishAsync(c, cancellationToken);
    }

    /// <summary>A running primary has clients: it is reloaded, and restarted by its operator where that is not enough.</summary>
    private static async Task AdoptAsync(KeeperContext c, bool settingsChanged, CancellationToken cancellationToken)
    {
        await c.Server.StartAsync(cancellationToken);
        if (settingsChanged)
        {
            await c.Server.ReloadAsync(cancellationToken);
            c.Log.AdoptedPrimary(c.Options.PgData);
        }
    }
}
