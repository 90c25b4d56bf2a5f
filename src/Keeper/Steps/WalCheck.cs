using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>Looks behind the numbers by which a node decides how to rejoin.</summary>
internal static class WalCheck
{
    /// <summary>The plan, or another one where the WAL that it goes by is not the upstream's.</summary>
    public static async Task<RejoinPlan> CheckedAsync(
        this RejoinPlan plan, KeeperContext c, Upstream upstream, UpstreamIdentity identity, CancellationToken cancellationToken) =>
        plan.Has is var (timeline, end) && await c.Server.SharesWalAsync(upstream, identity, timeline, end, cancellationToken) == false ? plan.Parted() : plan;
}
