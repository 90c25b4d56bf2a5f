namespace PgAutoFailover.Keeper.Steps;

/// <summary>Starting a stopped former primary as a primary again, on the monitor's word that nobody took over.</summary>
internal static class Resuming
{
    /// <summary>
    /// Without a standby to wait for. Between the start and the change commits still wait as before, which is slow and safe. A node that
    /// had already been set up to follow another one leaves recovery.
    /// </summary>
    public static async Task ResumePrimaryAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await Running.EnsureAsync(c, cancellationToken);
        await c.Server.PromoteAsync(cancellationToken);
        await SynchronousReplication.DisableAsync(c, cancellationToken);
    }

    /// <summary>With synchronous replication as it was, of which the monitor knows: should it be another now, <c>apply_settings</c> follows.</summary>
    public static async Task StartAsPrimaryAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await Running.EnsureAsync(c, cancellationToken);
        await c.Server.PromoteAsync(cancellationToken);
    }
}
