using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Steps;

/// <summary>The steps that take PostgreSQL down.</summary>
internal static class Stopping
{
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

        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
    }

    public static Task StopAsync(KeeperContext c, CancellationToken cancellationToken) => c.Server.StopAsync(StopMode.Fast, cancellationToken);

    public static async Task DropAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        c.State.DeleteInit();
    }
}
