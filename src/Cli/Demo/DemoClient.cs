using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Demo;

/// <summary>
/// One client of the demonstration: again and again it connects, as an application without a pool does, writes one row that says how long
/// that took, and leaves. When it cannot connect, or its write fails, it tries again by its policy, and the clock goes on.
/// </summary>
internal sealed class DemoClient(int number, DemoDatabase database, RetryPolicy policy, CommandContext context)
{
    private const string Introduce = "insert into demo.client(client, pid, retry_sleep_ms, retry_cap_ms, failover_count) values ($1, $2, $3, $4, $5)";
    private const string Track = "insert into demo.tracking(client, loop, retries, us, recovery) values ($1, $2, $3, $4, pg_is_in_recovery())";
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(100);

    /// <summary>Rows that were acknowledged.</summary>
    public int Writes { get; private set; }

    /// <summary>Rows before which it had to try more than once.</summary>
    private int Interrupted { get; set; }

    private TimeSpan LongestConnect { get; set; }

    private TimeSpan LongestWrite { get; set; }

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        context.Log.ClientStarted(number, (int)policy.Sleep.TotalMilliseconds, (int)policy.Cap.TotalMilliseconds);
        try
        {
            while (true)
            {
                await WriteOnceAsync(stop);
                await Task.Delay(s_rest, context.Time, stop);
            }
        }
        catch (Exception exception) when (stop.IsCancellationRequested && (exception is OperationCanceledException || DemoDatabase.MayPass(exception)))
        {
            // Cancelled among several hosts, the driver says that none of them would have it.
            context.Log.ClientEnded(number, Writes, Interrupted, LongestConnect.TotalMilliseconds, LongestWrite.TotalMilliseconds);
        }
    }

    /// <summary>Says in the database who it was and how it fared, once it has ended.</summary>
    public async Task IntroduceAsync(DemoSession session, CancellationToken cancellationToken) => await session.ExecuteAsync(
        Introduce, cancellationToken, number, Environment.ProcessId, (int)policy.Sleep.TotalMilliseconds, (int)policy.Cap.TotalMilliseconds, Interrupted);

    private async Task WriteOnceAsync(CancellationToken stop)
    {
        var started = context.Time.GetTimestamp();
        var pause = policy.NewPause();
        for (var retries = 0; ; retries++)
        {
            try
            {
                await using var session = new DemoSession(await database.OpenAsync(stop), retries, context.Time.GetElapsedTime(started));
                await WriteAsync(session, stop);
                return;
            }
            catch (Exception exception) when (DemoDatabase.MayPass(exception) && !stop.IsCancellationRequested)
            {
                context.Log.ClientRetries(number, exception.Message);
                await Task.Delay(pause.Next(), context.Time, stop);
            }
        }
    }

    private async Task WriteAsync(DemoSession session, CancellationToken stop)
    {
        var sent = context.Time.GetTimestamp();
        await session.ExecuteAsync(Track, stop, number, Writes + 1, session.Retries, (long)session.Elapsed.TotalMicroseconds);
        var took = context.Time.GetElapsedTime(sent);
        Writes++;
        Interrupted += session.Retries > 0 ? 1 : 0;
        LongestConnect = session.Elapsed > LongestConnect ? session.Elapsed : LongestConnect;
        LongestWrite = took > LongestWrite ? took : LongestWrite;
    }
}
