using PgAutoFailover.Keeper.NodeActive;

namespace PgAutoFailover.Keeper.Tests.Fakes;

/// <summary>Time that passes when a test says so. Knows when the keeper's loop has gone to sleep, so that time does not outrun it.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The loop waits for its signal, and has set when it will wake by itself.</summary>
    public bool LoopSleeps
    {
        get
        {
            lock (_lock)
            {
                return _timers.Exists(t => t is { State: Signal, DueAt: not null });
            }
        }
    }

    /// <summary>How often a loop has gone to sleep: one that was woken by its signal, before its time, has slept again once this has grown.</summary>
    public int Sleeps { get; private set; }

    public TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromTicks(_now - TimeSpan.TicksPerDay);
            }
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass at once; timers that come due fire in their order at the end.</summary>
    public void Advance(TimeSpan span)
    {
        List<ManualTimer> due;
        lock (_lock)
        {
            _now += span.Ticks;
            due = [.. _timers.Where(t => t.DueAt <= _now).OrderBy(t => t.DueAt)];
            due.ForEach(t => t.DueAt = null);
        }

        due.ForEach(t => t.Fire());
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public object? State => state;

        public long? DueAt { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : owner._now + dueTime.Ticks;
                owner.Sleeps += state is Signal && DueAt is not null ? 1 : 0;
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
