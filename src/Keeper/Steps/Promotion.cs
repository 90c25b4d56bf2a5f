namespace PgAutoFailover.Keeper.Steps;

/// <summary>The two halves of a failover on the side of the standby.</summary>
internal static class Promotion
{
    /// <summary>
    /// The standby stops receiving and stays in recovery: what the old primary writes from now on, this node does not acknowledge,
    /// and with nobody promoted yet the failover can still be called off.
    /// </summary>
    public static async Task StopReceivingAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await EnsureStandbyRunsAsync(c, cancellationToken);
        c.FollowedNodeId = 0;
        await c.Server.StopReceivingAsync(cancellationToken);
    }

    /// <summary>Leaves recovery. Nothing stands between the assignment and this: clients are waiting.</summary>
    public static async Task PromoteAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await EnsureStandbyRunsAsync(c, cancellationToken);
        c.Log.Promoting();
        await c.Server.PromoteAsync(cancellationToken);
    }

    private static Task EnsureStandbyRunsAsync(KeeperContext c, CancellationToken cancellationToken) =>
        c.Server.IsRunning ? Task.CompletedTask : Running.EnsureAsync(c, cancellationToken);
}
