using PgAutoFailover.Keeper.Peers;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>
/// Points a standby at the current primary. A changed address needs a reload only; a data directory that is gone, by accident or
/// because an operator wants the node rebuilt, needs a copy.
/// </summary>
internal static class FollowPrimary
{
    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        if (!c.Server.DataDirectoryExists)
        {
            await RejoinStandby.RunAsync(c, cancellationToken);
            return;
        }

        var upstream = await Upstreams.PrimaryAsync(c, cancellationToken);
        await Upstreams.PointAtAsync(c, upstream, cancellationToken);
        await Running.EnsureAsync(c, cancellationToken);
    }
}
