using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.Demo;

/// <summary>
/// The tour: a pair is made, and then loses one thing after the other while an application goes on writing through the URI that
/// pg_autoctl prints. Each step ends when there are a primary and a secondary again and every acknowledged row has been found.
/// </summary>
internal sealed class Tour
{
    private readonly Screen _screen;
    private readonly Cluster _cluster;
    private readonly Writer _writer;
    private readonly CancellationToken _cancellationToken;

    private Tour(Screen screen, Cluster cluster, Writer writer, CancellationToken cancellationToken)
    {
        _screen = screen;
        _cluster = cluster;
        _writer = writer;
        _cancellationToken = cancellationToken;
    }

    /// <summary>True if no acknowledged row was missing after any step.</summary>
    internal static async Task<bool> RunAsync(Screen screen, bool keep, CancellationToken cancellationToken)
    {
        TimeSpan began = Clock.Now;
        screen.Begin($"A monitor and two nodes are made with {Binaries.PgAutoctl}");
        await using Cluster cluster = await Cluster.CreateAsync(new ClusterOptions(), cancellationToken);
        foreach (ClusterStatus status in cluster.States.Changes.Where(s => s.Error is null && s.Nodes.Length > 0))
        {
            screen.Show(status);
        }

        screen.Note($"ready after {cluster.CreationTime.TotalSeconds:0.0} s, in {cluster.Files.Root}");
        Writer writer = await cluster.StartWriterAsync("application", cancellationToken);
        var tour = new Tour(screen, cluster, writer, cancellationToken);
        List<StepResult> results =
        [
            await tour.StepAsync("switchover", SwitchoverAsync),
            await tour.StepAsync("the primary's PostgreSQL is killed", KillPostmasterAsync),
            await tour.StepAsync("the primary's host is lost", KillPrimaryAsync),
            await tour.StepAsync("the standby's host is lost", KillStandbyAsync),
        ];
        screen.Summarize(results, Clock.Now - began);
        if (keep)
        {
            Playground.Leave(cluster, screen);
        }

        return results.TrueForAll(r => r.Missing == 0);
    }

    private async Task<StepResult> StepAsync(string title, Func<Tour, Task<TimeSpan?>> fault)
    {
        await _cluster.UntilSteadyAsync(_cancellationToken);
        await _cluster.UntilAcknowledgedAsync(_writer, _cancellationToken);
        _screen.Begin(char.ToUpperInvariant(title[0]) + title[1..]);
        await using var ticker = new StateTicker(_cluster.States, _screen);
        int before = _writer.Acknowledged.Length;
        TimeSpan started = Clock.Now;
        TimeSpan? restarted = await fault(this);
        TimeSpan settled = await _cluster.UntilSteadyAsync(_cancellationToken);
        await _cluster.UntilAcknowledgedAsync(_writer, _cancellationToken);
        var acknowledged = _writer.Acknowledged;
        TimeSpan gap = WriteGaps.Longest(acknowledged, started, acknowledged[^1].At);
        IReadOnlyList<MissingRow> missing = await _cluster.MissingRowsAsync(_cancellationToken);
        foreach (MissingRow row in missing.Take(5))
        {
            _screen.Fail($"  missing: {row}");
        }

        settled = settled > started ? settled : acknowledged[^1].At;
        _screen.Note(settled, "a primary and a secondary again");
        _screen.Say($"  longest time between two acknowledged writes: {Screen.Milliseconds(gap)}; acknowledged rows missing: {missing.Count}");
        return new StepResult(
            title, gap, acknowledged.Length - before, missing.Count, settled - started, settled - restarted, _cluster.Primary.Name);
    }

    private static async Task<TimeSpan?> SwitchoverAsync(Tour tour)
    {
        TestNode old = tour._cluster.Primary;
        tour._screen.Note("pg_autoctl perform switchover");
        CommandResult result = await tour._cluster.Monitor.AutoctlAsync(["perform", "switchover"], tour._cancellationToken);
        result.Succeeded();
        await tour._cluster.UntilAsync("the other node is primary", s => s.Node(old.Name)?.Is("secondary") is true, tour._cancellationToken);
        return null;
    }

    private static async Task<TimeSpan?> KillPostmasterAsync(Tour tour)
    {
        TestNode primary = tour._cluster.Primary;
        tour._screen.Note($"kill -9 the postmaster of {primary.Name}, process {primary.PostmasterPid}");
        primary.KillPostmaster();
        await tour._cluster.UntilAcknowledgedAsync(tour._writer, tour._cancellationToken);
        await tour._cluster.UntilAsync("PostgreSQL runs again", () => primary.PostmasterPid is not null, tour._cancellationToken);
        tour._screen.Note($"PostgreSQL of {primary.Name} runs again");
        return null;
    }

    private static Task<TimeSpan?> KillPrimaryAsync(Tour tour) => KillAndRunAsync(tour, tour._cluster.Primary);

    private static Task<TimeSpan?> KillStandbyAsync(Tour tour) => KillAndRunAsync(tour, tour._cluster.Secondary);

    private static async Task<TimeSpan?> KillAndRunAsync(Tour tour, TestNode victim)
    {
        TestNode other = tour._cluster.OtherThan(victim);
        tour._screen.Note($"kill -9 every process of {victim.Name}");
        await victim.KillEverythingAsync(tour._cancellationToken);
        await tour._cluster.UntilAsync($"{other.Name} goes on alone", s => s.Node(other.Name)?.Is("wait_primary") is true, tour._cancellationToken);
        await tour._cluster.UntilAcknowledgedAsync(tour._writer, tour._cancellationToken);
        tour._screen.Note($"writes are acknowledged; {victim.Name} is started again");
        TimeSpan restarted = Clock.Now;
        victim.Run();
        return restarted;
    }
}
