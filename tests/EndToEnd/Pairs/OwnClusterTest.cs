using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Pairs;

/// <summary>A test that needs a cluster of its own, because it begins before there is one or leaves none behind.</summary>
public abstract class OwnClusterTest : IAsyncLifetime
{
    private Cluster? _cluster;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected Cluster Cluster => _cluster ?? throw new InvalidOperationException("the test has not made its cluster");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(cluster.Describe());
                FailedTest.KeepLogs(cluster);
            }

            await cluster.DisposeAsync();
        }

        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task MakeAsync(ClusterOptions options) => _cluster = await Cluster.CreateAsync(options, Token);

    /// <summary>Directories and names only; nothing runs.</summary>
    protected async Task PrepareAsync(ClusterOptions options) => _cluster = await Cluster.PrepareAsync(options, Token);

    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>One clear error: a code, something on stderr, no stack trace, no password.</summary>
    protected static void ShouldBeRefused(CommandResult result, params int[] codes)
    {
        ArgumentNullException.ThrowIfNull(result);
        codes.ShouldContain(result.ExitCode, result.CommandLine + "\n" + result.Output + result.Error);
        result.Error.ShouldNotBeNullOrWhiteSpace();
        result.Error.ShouldNotContain("   at ");
        result.Error.ShouldNotContain("Unhandled exception");
    }

    /// <summary>Runs a command of the clusters' owner and expects success.</summary>
    protected async Task<string> ExecuteAsync(params string[] command)
    {
        CommandResult result = await Cluster.Nodes[0].ExecuteAsync(command, Token);
        return result.Succeeded().Output;
    }
}
