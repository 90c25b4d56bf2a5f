namespace PgAutoFailover.Postgres.Tests.Instances;

/// <summary>A clock that runs faster than the real one, for waits of minutes on real processes.</summary>
internal sealed class HurriedTime(int factor) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();

    public override long GetTimestamp() => _start + (factor * (System.GetTimestamp() - _start));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurry(dueTime), Hurry(period));

    private TimeSpan Hurry(TimeSpan span) => span > TimeSpan.Zero ? span / factor : span;
}
