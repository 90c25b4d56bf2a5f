using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;

namespace PgAutoFailover.Cli.Demo;

/// <summary>Asks for failovers while the clients write, each at its time.</summary>
internal sealed class DemoFailovers(DemoTarget target, DemoSettings settings, CommandContext context)
{
    /// <summary>Ends after the last one. What the monitor refuses is said, and the next one is asked for all the same.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (settings.FirstFailover is not { } first)
        {
            return;
        }

        if (first >= settings.Duration)
        {
            context.Log.NoTimeForFailover((int)first.TotalSeconds, (int)settings.Duration.TotalSeconds);
            return;
        }

        context.Log.FailoversPlanned((int)first.TotalSeconds, (int)settings.FailoverInterval.TotalSeconds);
        var started = context.Time.GetTimestamp();
        try
        {
            foreach (var at in settings.Failovers())
            {
                var left = at - context.Time.GetElapsedTime(started);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, context.Time, stop);
                await AskAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task AskAsync(CancellationToken stop)
    {
        try
        {
            await using var monitor = await MonitorConnection.OpenAsync(target.Monitor, context, stop);
            context.Log.AskingForFailover(target.Formation, target.Group);
            await monitor.ScalarAsync<object>("select pgautofailover.perform_failover($1, $2)", stop, target.Formation, target.Group);
        }
        catch (CommandFailure failure)
        {
            context.Log.FailoverRefused(failure.Message);
        }
    }
}
