using PgAutoFailover.Contracts;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;

namespace PgAutoFailover.Postgres.Tests.Server;

/// <summary>PostgreSQL itself keeps the contract that the simulated one keeps.</summary>
public sealed class LocalServerContractTests : ServerContract, IAsyncDisposable
{
    private readonly Instances _instances = new();

    protected override async Task RunAsync(Func<IServerBench, Task> scenario)
    {
        await _instances.InitializeAsync();
        await scenario(new Bench(_instances));
    }

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    private sealed class Instances : PostgresTest;

    private sealed class Bench(Instances instances) : IServerBench
    {
        public CancellationToken Token => PostgresTest.Token;

        public async Task<IBenchServer> PrimaryAsync(long nodeId) =>
            new BenchServer(await instances.KeepAsync(TestInstance.PrimaryAsync(instances.Root, nodeId, Token)));

        public IBenchServer Absent(long nodeId) => new BenchServer(instances.Keep(TestInstance.Create(instances.Root, nodeId)));

        public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, Token);
    }

    private sealed class BenchServer(TestInstance instance) : IBenchServer
    {
        public IPostgresServer Server => instance.Server;

        public NodeAddress Address => instance.Address;

        // Not waited for by synchronous standbys: whether one is there is what some tests are about.
        public Task WriteAsync() => instance.QueryAsync(
            "set synchronous_commit = local; create table if not exists contract (i int); insert into contract values (1) returning i", PostgresTest.Token);
    }
}
