using System.Globalization;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Pairs;

/// <summary>
/// A test that does something to a shared cluster while an application writes into it, and asks at the end whether every acknowledged row
/// is there.
/// </summary>
public abstract class ClusterTest(SharedCluster shared) : IAsyncLifetime
{
    private static int s_lastWriter;

    private Cluster? _cluster;
    private Writer? _application;
    private long _lastEventBefore;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected Cluster Cluster => _cluster ?? throw new InvalidOperationException("the test has not begun");

    /// <summary>Writes through the URI of the formation.</summary>
    protected Writer Application => _application ?? throw new InvalidOperationException("the test has not begun");

    public async ValueTask InitializeAsync()
    {
        _cluster = await shared.GetAsync(Token);
        _lastEventBefore = await _cluster.ScalarAsync(_cluster.Monitor, "select coalesce(max(eventid), 0) from pgautofailover.event", Token) as long? ?? 0;
        _application = await _cluster.StartWriterAsync(NewWriterName("application"), Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(cluster.Describe());
                FailedTest.KeepLogs(cluster);
                await shared.DiscardAsync();
            }
            else
            {
                cluster.EndWriters();
            }
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The pair is whole again, the application is served, and nothing that anybody was promised is missing.</summary>
    protected async Task ShouldBeWholeAgainAsync()
    {
        await Cluster.UntilSteadyAsync(Token);
        await Cluster.UntilAcknowledgedAsync(Application, Token);
        await NothingShouldBeLostAsync();
    }

    protected async Task NothingShouldBeLostAsync() => (await Cluster.MissingRowsAsync(Token)).ShouldBeEmpty();

    /// <summary>A client beside a node, which talks to it whatever it is and whoever else cannot reach it.</summary>
    protected Writer StartClientBeside(TestNode node) => Cluster.StartDirectWriter(NewWriterName("beside " + node.Name), node);

    protected Task UntilServedAsync() => Cluster.UntilAcknowledgedAsync(Application, Token);

    /// <summary>Waits until the application is served by the given node.</summary>
    protected Task UntilServedByAsync(TestNode node) => Cluster.UntilAsync(
        $"{node.Name} acknowledges writes", () => Application.Acknowledged is [.., var last] && last.Port == node.Port, Token);

    /// <summary>Waits until the monitor knows that the node is settled in a state.</summary>
    protected Task UntilSettledAsync(TestNode node, string state) =>
        Cluster.UntilAsync($"{node.Name} is settled in {state}", s => s.Node(node.Name)?.Is(state) is true, Token);

    /// <summary>Waits for an event of this test whose description has the text in it.</summary>
    protected Task UntilAnEventSaysAsync(string text) => Cluster.UntilAsync($"an event says \"{text}\"", () => HasAnEventSaidAsync(text), Token);

    /// <summary>Whether an event of this test has the text in its description.</summary>
    protected async Task<bool> HasAnEventSaidAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string quoted = text.Replace("'", "''", StringComparison.Ordinal);
        object? found = await Cluster.ScalarAsync(
            Cluster.Monitor,
            string.Create(CultureInfo.InvariantCulture, $"select exists(select from pgautofailover.event where eventid > {_lastEventBefore} and strpos(description, '{quoted}') > 0)"),
            Token);
        return found is true;
    }

    private static string NewWriterName(string role) =>
        string.Create(CultureInfo.InvariantCulture, $"{role} {Interlocked.Increment(ref s_lastWriter)}");
}
