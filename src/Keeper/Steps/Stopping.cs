using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>The steps that take PostgreSQL down.</summary>
internal static class Stopping
{
    private const string InOrder = "shut down";

    /// <summary>
    /// Writes out most of what is dirty while clients are still served, so that the shutdown checkpoint, during which they are not,
    /// is short. A checkpoint that fails (PostgreSQL may be dead already) must not keep the node from stopping.
    /// </summary>
    public static async Task CheckpointAndStopAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        if (c.Server.IsRunning)
        {
            try
            {
                await c.Server.CheckpointAsync(cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                c.Log.CheckpointFailed(e.Message);
            }
        }

        await StopAsync(c, cancellationToken);
    }

    /// <summary>
    /// Also finds out where a primary ended. That it ran is written down before, as the keeper may die in between: of one that was down already, and may
    /// not come up again, nothing is said.
    /// </summary>
    public static async Task StopAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        if (c.Server.IsRunning)
        {
            Note(c, "");
        }

        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        if (c.State.Current.StoppedAt is "" && await EndOfPrimaryAsync(c, cancellationToken) is { } end)
        {
            Note(c, end);
        }
    }

    public static async Task DropAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        c.State.DeleteInit();
    }

    private static async Task<string?> EndOfPrimaryAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        try
        {
            return await c.Server.ReadControlDataAsync(cancellationToken) is { State: InOrder } control ? control.LatestCheckpoint.ToString() : null;
        }
        catch (PostgresException e)
        {
            c.Log.EndIsUnknown(e.Message);
            return null;
        }
    }

    // A full disk must not keep the node from stopping.
    private static void Note(KeeperContext c, string stoppedAt)
    {
        try
        {
            c.State.Change(s => s with { StoppedAt = stoppedAt });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            c.Log.EndIsUnknown(e.Message);
        }
    }
}
