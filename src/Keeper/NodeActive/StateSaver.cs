using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Writes to the state file what only people read there: the goal and the times of the last contacts. Beside the loop, because a disk
/// may hang; rarely, because each write is an fsync.
/// </summary>
internal sealed class StateSaver(KeeperContext c, Signal signal)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(30);

    private readonly Inquiry<string> _save = new(signal, c.Time);
    private NodeState? _savedGoal;

    public void SaveIfDue(NodeState? goal, CancellationToken cancellationToken)
    {
        _save.TryTake(out _);
        var isDue = goal != _savedGoal || c.Time.GetElapsedTime(_save.StartedAt) >= s_period;
        if (_save.IsRunning || !isDue || !c.Lease.MonitorHasAnswered || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        _savedGoal = goal;
        var now = c.Time.GetUtcNow();
        var (monitorContact, secondaryContact) = (now - c.Lease.SinceMonitor(), c.Lease.SecondaryHasReplied ? now - c.Lease.SinceSecondary() : (DateTimeOffset?)null);
        _save.Start(() =>
        {
            c.State.Change(s => s with
            {
                AssignedRole = goal ?? s.AssignedRole,
                LastMonitorContact = c.Options.HasNoMonitor ? s.LastMonitorContact : monitorContact,
                LastSecondaryContact = secondaryContact ?? s.LastSecondaryContact,
            });
            return Task.FromResult("saved");
        });
    }

    public Task EndAsync() => _save.EndAsync();
}
