using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Watching;

/// <summary>
/// Tells the worker once a second that the loop goes on. The loop says how long its next step may take; when it is late, nothing is said any
/// more, and the worker starts another program.
/// </summary>
internal sealed class Heartbeat(WorkerLink link, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lateness = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private long _due = s_lateness.Ticks;

    /// <summary>The next step takes no longer than this.</summary>
    public void Expect(TimeSpan atMost) => Interlocked.Exchange(ref _due, (time.GetElapsedTime(_start) + atMost + s_lateness).Ticks);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (time.GetElapsedTime(_start).Ticks < Interlocked.Read(ref _due))
            {
                link.SayAlive();
            }
        }
    }
}
