namespace PgAutoFailover.Simulation.Scheduling;

/// <summary>
/// A process of the simulated world, as the synchronization context in which its code runs. Killed, it runs nothing any more: what
/// its code was awaiting never continues, and nothing is cleaned up, exactly as after <c>kill -9</c>. Stopped (SIGSTOP), it runs later.
/// </summary>
internal sealed class SimProcess(Scheduler scheduler, string name) : SynchronizationContext
{
    private readonly Queue<Turn> _held = new();

    public string Name { get; } = name;

    public bool IsDead { get; private set; }

    public bool IsFrozen { get; private set; }

    public Scheduler Scheduler => scheduler;

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("nothing in a simulation may block for another");

    public override SynchronizationContext CreateCopy() => this;

    public void Kill()
    {
        IsDead = true;
        _held.Clear();
    }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        while (_held.TryDequeue(out var turn))
        {
            scheduler.Post(this, turn.Callback, turn.State);
        }
    }

    /// <summary>True when the turn is not to be run now: it is kept for later, or forgotten.</summary>
    public bool Holds(Turn turn)
    {
        if (IsFrozen && !IsDead)
        {
            _held.Enqueue(turn);
        }

        return IsDead || IsFrozen;
    }
}
