namespace PgAutoFailover.Harness;

/// <summary>One monotonic time line for everything that a test observes, counted from the start of the process.</summary>
public static class Clock
{
    private static readonly long s_start = TimeProvider.System.GetTimestamp();

    public static TimeSpan Now => TimeProvider.System.GetElapsedTime(s_start);
}
