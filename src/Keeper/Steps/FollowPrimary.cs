using PgAutoFailover.Keeper.Peers;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>Points a standby at the current primary. A changed address needs a reload only.</summary>
internal static class FollowPrimary
{
    public static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        var upstream = await Upstreams.PrimaryAsync(c, cancellationToken);
        await Upstreams.PointAtAsync(c, upstream, cancellationToken);
        await Running.EnsureAsync(c, cancellationToken);
    }
}
