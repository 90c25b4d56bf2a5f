using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Groups;

namespace PgAutoFailover.Monitor.Store;

/// <summary>Writes what heartbeats brought, once a second for all groups together.</summary>
internal sealed class ReportFlusher(GroupRegistry groups, MonitorClock clock, ILogger logger)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>A pause between two seconds that is this long means that this process did not run meanwhile, or the machine slept.</summary>
    private static readonly TimeSpan s_suspicious = TimeSpan.FromSeconds(5);

    /// <summary>Flushes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_period, clock.Time);
        var last = clock.Now;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var pause = clock.Now - last;
            last = clock.Now;
            if (pause > s_suspicious)
            {
                clock.BeginGracePeriod();
                Log.ProcessWasAsleep(logger, pause);
            }

            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Flushes once. What cannot be written is forgotten: the next heartbeat brings it again.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var nodes = new List<NodeView>();
        foreach (var group in groups.All)
        {
            group.TakeDirtyNodes(nodes);
        }

        if (nodes.Count == 0)
        {
            return;
        }

        try
        {
            await groups.Store.FlushReportsAsync(nodes, clock.Now, cancellationToken);
        }
        catch (StoreException e)
        {
            Log.FlushFailed(logger, e.Message);
        }
    }
}
