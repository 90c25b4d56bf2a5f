using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Monitor;

/// <summary>
/// The monitor's monotonic clock: the time since this process began to keep it. Rows hold wall-clock times for people; every age
/// that is read from a row is computed by PostgreSQL and laid onto this clock, so that a jump of the wall clock decides nothing.
/// </summary>
internal sealed class MonitorClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();
    private long _startedAtTicks;

    public TimeSpan Now => time.GetElapsedTime(_origin);

    public TimeProvider Time => time;

    /// <summary>Now, and since when nodes have been able to reach this monitor.</summary>
    public Clock Read() => new(Now, TimeSpan.FromTicks(Interlocked.Read(ref _startedAtTicks)));

    /// <summary>
    /// Begins the grace period again. To be called when the nodes could not reach the monitor although they may be well: their
    /// silence until now says nothing about them.
    /// </summary>
    public void BeginGracePeriod() => Interlocked.Exchange(ref _startedAtTicks, Now.Ticks);
}
