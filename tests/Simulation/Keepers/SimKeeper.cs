using Microsoft.Extensions.Logging;
using PgAutoFailover.Keeper;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Servers;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Keepers;

/// <summary>One life of <c>pg_autoctl run</c> on a node: the real creation and the real service, put together as the executable does.</summary>
internal sealed class SimKeeper
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly SimNode _node;
    private readonly TimeProvider _time;
    private SimMonitorClient? _monitor;

    public SimKeeper(SimNode node)
    {
        _node = node;
        Process = node.Host.NewProcess("keeper");
        _time = node.Host.TimeOf(Process);
    }

    public SimProcess Process { get; }

    /// <summary>The program has ended by itself, and is not to be started again.</summary>
    public KeeperOutcome? Outcome { get; private set; }

    public void Start() => Process.Post(_ => _ = GuardAsync(), null);

    /// <summary>Dies. Where its host lives on, its connections are closed for it.</summary>
    public void Kill(bool hostIsGone)
    {
        Process.Kill();
        var (monitor, session) = (_node.World.Monitor, _monitor?.Session);
        if (!hostIsGone)
        {
            _node.World.Network.Carry(_node.Host, monitor.Host, monitor.Host.Kernel, _ =>
            {
                monitor.StopListening(Process);
                if (session is not null)
                {
                    monitor.ClientLeft(session);
                }
            }, null);
        }
    }

    private async Task GuardAsync()
    {
        try
        {
            Outcome = await RunAsync();
            _node.World.Story.Tell(_node.Name, $"pg_autoctl ends: {Outcome}");
            _node.KeeperEnded();
        }
        catch (Exception e) when (!Process.IsDead)
        {
            _node.World.Fail(ViolationKind.Crash, $"the keeper of {_node.Name} has failed: {e}");
        }
        catch (Exception)
        {
            // Said by a dead process: what it was doing when it was killed.
        }
    }

    private async Task<KeeperOutcome> RunAsync()
    {
        var server = new SimServer(_node, _time);
        var store = new SimStateStore(_node);
        _monitor = new SimMonitorClient(_node.World.Monitor, Process, _node.Host, _time);
        await CreateAsync(server, store, _monitor);
        while (true)
        {
            using var service = new NodeActiveService(
                Options(), server, _monitor, store, new StoryLog<NodeActiveService>(_node.World.Story, _node.Name, LogLevel.Debug), _time);
            try
            {
                var outcome = await service.RunAsync(CancellationToken.None);
                if (outcome is KeeperOutcome.Dropped)
                {
                    await server.StopAsync(StopMode.Fast, CancellationToken.None);
                }

                return outcome;
            }
            catch (Exception e) when (e is IOException or PostgresException or MonitorException or KeeperStateException)
            {
                // What the supervisor of services does: starts it again.
                _node.World.Story.Tell(_node.Name, $"node-active has failed and is started again: {e.Message}");
                await Task.Delay(s_pause, _time);
            }
        }
    }

    private async Task CreateAsync(SimServer server, SimStateStore store, SimMonitorClient monitor)
    {
        if (_node.State is not null && !_node.IsToBeCreated)
        {
            return;
        }

        while (true)
        {
            try
            {
                var created = await new KeeperCreation(
                    _node.NextCreation(), server, monitor, store, new StoryLog<KeeperCreation>(_node.World.Story, _node.Name, LogLevel.Information), _time)
                    .RunAsync(CancellationToken.None);
                _node.Id = created.NodeId;
                _node.IsToBeCreated = false;
                return;
            }
            catch (Exception e) when (e is IOException or PostgresException or MonitorException or CreationException or KeeperStateException)
            {
                _node.World.Story.Tell(_node.Name, $"creation has failed and is tried again: {e.Message}");
                await Task.Delay(TimeSpan.FromSeconds(2), _time);
            }
        }
    }

    private KeeperOptions Options() => new()
    {
        FormationId = _node.Creation.FormationId,
        PgData = "/data",
        ProgramVersion = "sim",
        Settings = new KeeperSettings
        {
            Name = _node.Name,
            Host = _node.Host.Name,
            Port = SimNode.Port,
            NetworkPartitionTimeout = _node.World.Plan.NetworkPartitionTimeout,
        },
        MonitorHosts = [_node.World.Monitor.Host.Name],
    };
}
