namespace PgAutoFailover.Simulation.Scheduling;

/// <summary>The clock of a process: monotonic time is the world's, wall-clock time may jump.</summary>
/// <param name="process">In which timers fire.</param>
/// <param name="wallOffset">How wrong the host's wall clock is at this moment.</param>
internal sealed class SimTime(SimProcess process, Func<TimeSpan> wallOffset) : TimeProvider
{
    private static readonly DateTimeOffset s_epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => process.Scheduler.Now;

    public override DateTimeOffset GetUtcNow() => s_epoch + TimeSpan.FromTicks(GetTimestamp()) + wallOffset();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(process, callback, state);
        timer.Change(dueTime, period);
        if (period > TimeSpan.Zero)
        {
            process.Scheduler.Keep(timer);
        }

        return timer;
    }

    private sealed class SimTimer(SimProcess process, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private Due? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _due = null;
            if (dueTime >= TimeSpan.Zero)
            {
                Schedule(dueTime);
            }

            return true;
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Schedule(TimeSpan delay)
        {
            _due = new Due(this);
            process.Scheduler.After(delay, process, static due => ((Due)due!).Fire(), _due);
        }

        private void Fire(Due due)
        {
            if (!ReferenceEquals(due, _due))
            {
                return; // it was changed meanwhile
            }

            _due = null;
            if (_period > TimeSpan.Zero)
            {
                Schedule(_period);
            }

            callback(state);
        }

        private sealed class Due(SimTimer timer) : ICancellable
        {
            public bool IsCancelled => !ReferenceEquals(timer._due, this);

            public void Fire() => timer.Fire(this);
        }
    }
}
