using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Stops a primary that has been cut off from the monitor and from the standbys that its commits wait for (keeper-fsm.md section 3.1), by the keeper's own
/// decision: by now another node may have been promoted.
/// </summary>
internal static class FenceJob
{
    /// <summary>How long a fast stop may take before the postmaster is stopped without a shutdown checkpoint.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static Job For(KeeperContext c) => new(JobKind.Fence, "fencing", Row: null, ct => RunAsync(c, ct));

    private static async Task RunAsync(KeeperContext c, CancellationToken cancellationToken)
    {
        c.Log.Fencing(
            c.NodeName, c.Settings.NetworkPartitionTimeout.TotalSeconds, c.Lease.SinceMonitor().TotalSeconds, c.Lease.SinceSecondary().TotalSeconds);
        try
        {
            // A fast stop ends the sessions first, so that nothing is acknowledged from here on, and leaves a directory that can follow.
            await c.Server.StopAsync(StopMode.Fast, cancellationToken).WaitAsync(s_patience, c.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await c.Server.StopAsync(StopMode.Immediate, cancellationToken);
        }

        c.State.Change(s => s with { CurrentRole = NodeState.DemoteTimeout, AssignedRole = NodeState.DemoteTimeout });
        c.Log.TransitionComplete(NodeState.DemoteTimeout.ToWire());
    }
}
