using Xunit;

namespace PgAutoFailover.Postgres.Tests.Instances;

/// <summary>A test with real instances: a directory for them, and their end.</summary>
public abstract class PostgresTest : IAsyncLifetime
{
    private readonly List<TestInstance> _instances = [];

    /// <summary>Holds the data directories; short, because a socket's path must not be longer than 107 bytes.</summary>
    internal string Root { get; } = Directory.CreateTempSubdirectory("pgaf-").FullName;

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        // PostgreSQL refuses to run as root, and files that root made could not be used by another user.
        Assert.False(Environment.UserName == "root", "These tests need a user other than root: ./test runs them as user postgres.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var instance in _instances)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"--- node {instance.NodeId}\n{instance.Log}");
            }

            await instance.DisposeAsync();
        }

        Directory.Delete(Root, recursive: true);
    }

    internal TestInstance Keep(TestInstance instance)
    {
        _instances.Add(instance);
        return instance;
    }

    internal async Task<TestInstance> KeepAsync(Task<TestInstance> instance) => Keep(await instance);

    /// <summary>A primary and a standby that streams from it.</summary>
    internal async Task<(TestInstance Primary, TestInstance Standby)> PairAsync()
    {
        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        return (primary, await KeepAsync(primary.AddStandbyAsync(Root, 2, Token)));
    }
}
