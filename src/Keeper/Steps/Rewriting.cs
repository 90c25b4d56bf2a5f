using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>
/// Writes down that the data directory is about to be rewritten, and that it has been. A keeper that is killed in between finds the
/// note and does not start what is neither the old copy nor the new one.
/// </summary>
internal static class Rewriting
{
    public static async Task RewindAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        c.State.Change(s => s with { RewritingPgData = true });
        await c.Server.RewindAsync(upstream, cancellationToken);
        c.State.Change(s => s with { RewritingPgData = false });
    }

    public static async Task CopyAsync(KeeperContext c, Upstream upstream, CancellationToken cancellationToken)
    {
        c.State.Change(s => s with { RewritingPgData = true, FreshCopy = false });
        await c.Server.BaseBackupAsync(upstream, cancellationToken);
        c.Others.Doubt();
        c.State.Change(s => s with { RewritingPgData = false, FreshCopy = true });
    }

    /// <summary>Starts a standby; a fresh copy is an ordinary data directory from then on.</summary>
    public static async Task StartStandbyAsync(KeeperContext c, Upstream? upstream, CancellationToken cancellationToken)
    {
        await c.Server.WriteSettingsAsync(cancellationToken);
        await c.Server.WriteStandbySettingsAsync(upstream, cancellationToken);
        c.FollowedNodeId = upstream?.NodeId ?? 0;
        await Running.EnsureAsync(c, cancellationToken);
        c.State.Change(s => s with { FreshCopy = false });
    }
}
