using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Wakes the loop when a state of its group changes on the monitor, whichever node it is about: the answer to this one's next report
/// may be another. Without notifications the heartbeat's second remains.
/// </summary>
internal static class GroupWatch
{
    public static async Task RunAsync(KeeperContext c, LoopInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await WaitAsync(c, inputs, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private static async Task WaitAsync(KeeperContext c, LoopInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            var change = await c.Monitor.WaitForStateChangeAsync(c.Options.FormationId, c.GroupId, cancellationToken);
            inputs.Tell(LoopInput.GroupChanged);
            if (change is not null)
            {
                var which = change.NodeId == c.NodeId ? "this node, " : "";
                c.Log.StateChanged(
                    $"{which}node {change.NodeId} \"{change.Name}\" ({HostName.WithPort(change.Host, change.Port)})", change.Reported.ToWire(), change.Goal.ToWire());
            }
        }
        catch (MonitorException e)
        {
            c.Log.NotificationsInterrupted(e.Message);
        }
    }
}
