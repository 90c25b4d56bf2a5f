using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary><c>pg_rewind</c> with the precautions that the product takes; interrupted, it leaves a directory that nothing starts on.</summary>
internal sealed class SimRewind(SimNode node, SimUpstreams upstreams, TimeProvider time)
{
    public async Task RunAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        var data = node.Pg.Data ?? throw new PostgresException("there is no data directory");
        if (node.Pg.IsUnfinished)
        {
            throw new PostgresException("a rewind was interrupted, so that the content of the data directory cannot be trusted");
        }

        await upstreams.CheckpointAsync(upstream, cancellationToken);
        var wasPrimary = !data.StandbySignal;
        if (!wasPrimary && data.State is not (ClusterState.ShutDown or ClusterState.ShutDownInRecovery))
        {
            // Started alone and stopped: its recovery is complete then.
            await Task.Delay(node.World.Chance.Span(200, 1500), time, cancellationToken);
            (data.State, data.MinRecovery) = (ClusterState.ShutDownInRecovery, data.Flushed);
        }

        var theirs = await upstreams.IdentifyAsync(upstream, cancellationToken);
        if (wasPrimary && data.ControlTimeline >= theirs.Timeline)
        {
            throw new PostgresException($"a former primary on timeline {data.ControlTimeline} cannot be rewound to timeline {theirs.Timeline}");
        }

        if (theirs.History.All(h => h.Timeline != data.Branch.Timeline) && data.Branch.Timeline != theirs.Timeline
            && !theirs.History.Any(h => data.Branch.History().Any(own => own.Timeline == h.Timeline)))
        {
            throw new PostgresException("could not find common ancestor of the source and target cluster's timelines");
        }

        node.Pg.IsUnfinished = true;
        if (node.World.StepPoint(node, "rewind"))
        {
            await Task.Yield();
        }

        var copy = await upstreams.CopyAsync(upstream, node.World.Chance.Span(200, 3000), needsSlot: false, cancellationToken);
        if (node.Host.DiskIsFull)
        {
            throw new PostgresException("No space left on device");
        }

        var own = new DataDirectory(copy.SystemIdentifier, copy.Branch)
        {
            Flushed = copy.Flushed,
            MinRecovery = copy.MinRecovery,
            Checkpoint = copy.Checkpoint,
            ControlTimeline = copy.ControlTimeline,
            State = ClusterState.InArchiveRecovery,
            Hba = data.Hba,
            StandbySignal = true,
            Upstream = upstream,
        };
        node.Pg.Data = own;
        node.Pg.IsUnfinished = false;
        node.World.Story.Tell(node.Name, $"was rewound to {upstream.Name}, up to {own.End} on timeline {own.Branch.Timeline}");
    }
}
