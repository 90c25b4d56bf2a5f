using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.ByHand;

/// <summary>
/// The base backup of a standby that is being made, ahead of the keeper, which then starts the copy as it is. The state file says in between that there
/// is neither an old copy nor a new one.
/// </summary>
public static class StandbyCopy
{
    /// <param name="state">The state of the node, whose keeper must not run.</param>
    /// <param name="store">Where it is kept.</param>
    /// <param name="server">The local server, which has no data directory yet.</param>
    /// <param name="upstream">What to copy, and to follow.</param>
    /// <param name="cancellationToken">Ends the copying, which leaves a directory that is not started.</param>
    public static async Task MakeAsync(KeeperState state, IKeeperStateStore store, IPostgresServer server, Upstream upstream, CancellationToken cancellationToken)
    {
        await server.IdentifyAsync(upstream, cancellationToken);
        store.Save(state with { RewritingPgData = true, FreshCopy = false });
        await server.BaseBackupAsync(upstream, cancellationToken);
        await server.WriteSettingsAsync(cancellationToken);
        await server.WriteStandbySettingsAsync(upstream, cancellationToken);
        store.Save(state with { RewritingPgData = false, FreshCopy = true });
    }
}
