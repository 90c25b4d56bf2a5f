using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Writes to the state file what is not needed there at once: the goal and the times of the last contacts, for people, and a name for a registration that has none. Beside the loop, because a disk
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

                // A node of a version that gave none: the monitor keeps the first that it hears.
                RegistrationId = c.Options.HasNoMonitor ? s.RegistrationId : s.RegistrationId ?? RegistrationName.New(),
            });
            return Task.FromResult("saved");
        });
    }

    public Task EndAsync() => _save.EndAsync();
}
