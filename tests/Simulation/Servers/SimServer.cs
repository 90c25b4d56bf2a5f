using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>
/// The second implementation of <see cref="IPostgresServer"/>: drives the simulated PostgreSQL of a node, step by step, each of which
/// takes time and may be the last one of the process.
/// </summary>
internal sealed class SimServer(SimNode node, TimeProvider time) : IPostgresServer
{
    private static readonly TimeSpan s_observeLimit = TimeSpan.FromSeconds(3);

    private readonly SimSupervision _supervision = new(node, time);
    private readonly SimUpstreams _upstreams = new(node, time);

    public bool DataDirectoryExists => Pg.Data is not null;

    public bool IsRunning => Pg.Instance is not null;

    private SimPostgres Pg => node.Pg;

    private World World => node.World;

    public Task StartAsync(CancellationToken cancellationToken) => _supervision.StartAsync(cancellationToken);

    public Task StopAsync(StopMode mode, CancellationToken cancellationToken) => _supervision.StopAsync(mode, cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) => _supervision.ReleaseAsync(cancellationToken);

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync(StopMode.Fast, cancellationToken);
        await StartAsync(cancellationToken);
    }

    public async Task<PostgresObservation> ObserveAsync(CancellationToken cancellationToken)
    {
        if (World.Chance.Is(0.05))
        {
            await PassAsync(0.5, 200, cancellationToken);
        }

        if (Pg is { IsFrozen: true, Instance: { } frozen })
        {
            await Task.Delay(s_observeLimit, time, cancellationToken);
            if (Pg.IsFrozen || frozen.Process.IsDead)
            {
                return Complete(new() { Phase = IsRunning ? PostgresPhase.Starting : PostgresPhase.Down, Problem = "PostgreSQL does not answer" });
            }
        }

        return Complete(Pg.Instance?.Observe() ?? new() { Phase = _supervision.HasGivenUp ? PostgresPhase.Failed : PostgresPhase.Down });
    }

    public async Task WaitForChangeAsync(CancellationToken cancellationToken) => await _supervision.NextChange.WaitAsync(cancellationToken);

    public async Task<ControlData> ReadControlDataAsync(CancellationToken cancellationToken)
    {
        await PassAsync(2, 20, cancellationToken);
        return (Pg.Data ?? throw new PostgresException("there is no data directory")).Control();
    }

    public async Task InitDbAsync(CancellationToken cancellationToken)
    {
        await PassAsync(200, 900, cancellationToken);
        ThrowIfFull();
        if (Pg.Data is null)
        {
            var branch = new WalBranch(1, null, 0, node.Name);
            branch.Append(1 << 20);
            Pg.Data = new DataDirectory(World.Chance.Between(1000, 1_000_000), branch) { Flushed = 1, Checkpoint = 0, Hba = [node.Id] };
        }
    }

    public async Task<bool> WriteSettingsAsync(CancellationToken cancellationToken)
    {
        await PassAsync(0.5, 3, cancellationToken);
        ThrowIfFull();
        return false;
    }

    public Task CreateRolesAsync(IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken) => PassAsync(2, 10, cancellationToken);

    public async Task EnsureHbaAsync(IReadOnlyList<string> monitorHosts, IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken)
    {
        await PassAsync(0.5, 4, cancellationToken);
        ThrowIfFull();
        Pg.Data?.Hba.UnionWith(others.Select(n => n.NodeId));
    }

    public Task ReloadAsync(CancellationToken cancellationToken)
    {
        Pg.Instance?.Reload();
        return Task.CompletedTask;
    }

    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        var instance = await SessionAsync(cancellationToken);
        await PassAsync(2, World.Chance.Is(0.1) ? 4000 : 150, cancellationToken);
        ThrowIfDead(instance);
        if (instance.TakesWrites)
        {
            instance.AppendCheckpoint();
            instance.Senders.Send();
        }
    }

    public async Task SetSynchronousStandbyNamesAsync(string value, CancellationToken cancellationToken)
    {
        var instance = await SessionAsync(cancellationToken);
        ThrowIfFull();
        instance.Data.SyncNames = value;
        await StepAsync("alter system");
        await PassAsync(1, 3, cancellationToken);
        instance.Reload();
        await StepAsync("reload");
        while (instance.Commits.SyncNames != value)
        {
            await PassAsync(5, 8, cancellationToken);
            ThrowIfDead(instance);
        }

        if (value.Length > 0)
        {
            await PassAsync(20, 40, cancellationToken);
        }
    }

    public async Task<bool> WriteStandbySettingsAsync(Upstream? upstream, CancellationToken cancellationToken)
    {
        await PassAsync(0.5, 4, cancellationToken);
        ThrowIfFull();
        await StepAsync("write standby settings");
        var data = Pg.Data ?? throw new PostgresException("there is no data directory");
        var changed = !data.StandbySignal || data.Upstream != upstream;
        (data.StandbySignal, data.Upstream) = (true, upstream);
        if (!IsRunning && data.SyncNames.Length > 0)
        {
            (data.SyncNames, changed) = ("", true);
        }

        return changed;
    }

    public async Task StopReceivingAsync(CancellationToken cancellationToken)
    {
        await WriteStandbySettingsAsync(upstream: null, cancellationToken);
        var instance = await SessionAsync(cancellationToken);
        instance.Reload();
        await StepAsync("stop receiving");
        await PassAsync(5, 30, cancellationToken);
        ThrowIfDead(instance);
        instance.Receiver.Follow(null);
        await PassAsync(5, World.Chance.Is(0.1) ? 3000 : 60, cancellationToken);
        ThrowIfDead(instance);
    }

    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        var instance = await SessionAsync(cancellationToken);
        if (instance.InRecovery)
        {
            if (instance.Commits.SyncNames.Length > 0)
            {
                await SetSynchronousStandbyNamesAsync("", cancellationToken);
            }

            await StepAsync("before promotion");
            instance.Promote();
            await StepAsync("promotion requested");
            while (instance.InRecovery)
            {
                await PassAsync(5, 6, cancellationToken);
                ThrowIfDead(instance);
            }
        }

        await StepAsync("promoted");
        if (Pg.Data is { } data)
        {
            (data.StandbySignal, data.Upstream) = (false, null);
        }
    }

    public Task<UpstreamIdentity> IdentifyAsync(Upstream upstream, CancellationToken cancellationToken) => _upstreams.IdentifyAsync(upstream, cancellationToken);

    public Task<bool?> SharesWalAsync(Upstream upstream, UpstreamIdentity identity, int timeline, Lsn upTo, CancellationToken cancellationToken) =>
        Task.FromResult(Pg.Data is { } own && World.FindNode(upstream.Host, upstream.Port)?.Pg.Data is { } theirs ? WalMatch.IsShared(theirs, own, upTo) : null);

    public async Task BaseBackupAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        await StopAsync(StopMode.Immediate, cancellationToken);
        var copy = await _upstreams.CopyAsync(upstream, World.Chance.Span(300, World.Chance.Is(0.2) ? 15_000 : 3000), needsSlot: true, cancellationToken);
        ThrowIfFull();
        await StepAsync("swap directories");
        (Pg.Data, Pg.IsUnfinished) = (copy, false);
        World.Story.Tell(node.Name, $"has a copy of {upstream.Name} up to {copy.End} on timeline {copy.Branch.Timeline}");
    }

    public async Task RewindAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        await StopAsync(StopMode.Fast, cancellationToken);
        await new SimRewind(node, _upstreams, time).RunAsync(upstream, cancellationToken);
    }

    public async Task EnsureSlotsAsync(IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken)
    {
        var instance = await SessionAsync(cancellationToken);
        var slots = instance.Data.Slots;
        foreach (var name in others.Select(n => SimNode.StandbyName(n.NodeId)))
        {
            slots.TryAdd(name, instance.Data.Checkpoint);
        }

        var active = instance.Senders.Alive.Select(s => s.Name).ToList();
        foreach (var gone in slots.Keys.Except(others.Select(n => SimNode.StandbyName(n.NodeId))).Except(active).ToList())
        {
            slots.Remove(gone);
        }
    }

    public async Task DropSlotsAsync(CancellationToken cancellationToken)
    {
        var instance = await SessionAsync(cancellationToken);
        instance.Data.Slots.Clear();
    }

    private PostgresObservation Complete(PostgresObservation seen) => seen.IsReady
        ? seen with { RestartAttempts = _supervision.Attempts }
        : seen with { RestartAttempts = _supervision.Attempts, DownFor = _supervision.DownFor, Problem = seen.Problem ?? _supervision.Problem };

    private Task PassAsync(double leastMs, double mostMs, CancellationToken cancellationToken) =>
        Task.Delay(World.Chance.Span(leastMs, mostMs), time, cancellationToken);

    // A process that dies at this point does not go on.
    private async ValueTask StepAsync(string point)
    {
        if (World.StepPoint(node, point))
        {
            await Task.Yield();
        }
    }

    // A session on the local socket: waits for a server that is frozen, fails on one that is not there.
    private async Task<PgInstance> SessionAsync(CancellationToken cancellationToken)
    {
        await PassAsync(0.5, 2, cancellationToken);
        while (Pg is { IsFrozen: true, Instance: not null })
        {
            await PassAsync(50, 100, cancellationToken);
        }

        return Pg.Instance is { Phase: PostgresPhase.Ready } ready ? ready : throw new PostgresException("PostgreSQL does not accept sessions");
    }

    private static void ThrowIfDead(PgInstance instance)
    {
        if (instance.Phase != PostgresPhase.Ready)
        {
            throw new PostgresException("the session with PostgreSQL has ended");
        }
    }

    private void ThrowIfFull()
    {
        if (node.Host.DiskIsFull)
        {
            throw new PostgresException("No space left on device");
        }
    }
}
