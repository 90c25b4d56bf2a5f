using PgAutoFailover.Contracts;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Servers;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Tests;

/// <summary>The simulated PostgreSQL keeps the contract that the real one keeps.</summary>
public sealed class SimServerTests : ServerContract
{
    protected override Task RunAsync(Func<IServerBench, Task> scenario)
    {
        var world = new World(1, WorldPlan.Quiet(3, TimeSpan.Zero), new Story(isTold: true), Core.Rules.GroupRules.Decide);
        var process = world.Outside.NewProcess("test");
        Task? running = null;
        process.Post(_ => running = scenario(new Bench(world, process)), null);
        for (var second = 1; second < 600 && running is not { IsCompleted: true }; second++)
        {
            world.Scheduler.Run(TimeSpan.FromSeconds(second).Ticks);
        }

        world.Scheduler.ThrowIfEscaped();
        return running is { IsCompleted: true } ended ? ended : throw new TimeoutException($"the scenario does not end\n{world.Story}");
    }

    private sealed class Bench(World world, SimProcess process) : IServerBench
    {
        public CancellationToken Token => CancellationToken.None;

        public async Task<IBenchServer> PrimaryAsync(long nodeId)
        {
            var made = Absent(nodeId);
            await made.Server.InitDbAsync(Token);
            await made.Server.WriteSettingsAsync(Token);
            await made.Server.StartAsync(Token);
            return made;
        }

        public IBenchServer Absent(long nodeId)
        {
            var node = world.Groups[0].Nodes[(int)nodeId - 1];
            // Two primaries are what some scenarios are about.
            (node.Id, node.IsForcedOut) = (nodeId, true);
            return new BenchServer(node, new SimServer(node, node.Host.TimeOf(process)));
        }

        public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, world.Outside.TimeOf(process));
    }

    private sealed class BenchServer(SimNode node, SimServer server) : IBenchServer
    {
        public IPostgresServer Server => server;

        public NodeAddress Address => new(node.Id, node.Name, node.Host.Name, SimNode.Port, default, IsPrimary: false);

        public async Task WriteAsync()
        {
            node.Pg.Instance!.Write(); // a test writes to a server that runs
            await Task.Delay(TimeSpan.FromMilliseconds(300), node.Host.TimeOf((SimProcess)SynchronizationContext.Current!));
        }
    }
}
