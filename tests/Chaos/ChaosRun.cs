using System.Globalization;
using Npgsql;
using PgAutoFailover.Chaos.Checks;
using PgAutoFailover.Chaos.Faults;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Chaos;

/// <summary>
/// Three real nodes and a monitor, to which one scene after the other happens while applications write and read. After each scene the group
/// has to come to rest by itself, and everything that the applications were told is compared with what is there, on every node.
/// </summary>
internal sealed class ChaosRun
{
    private const int Nodes = 3;

    private readonly ChaosOptions _options;
    private readonly Cluster _cluster;
    private readonly Random _chance;
    private readonly StoryLog _story = new();
    private readonly Stalls _stalls = new();
    private readonly List<Writer> _writers = [];
    private readonly bool _cutsLinks = NamespaceNetwork.Unavailable is null;

    private ChaosRun(ChaosOptions options, Cluster cluster)
    {
        _options = options;
        _cluster = cluster;
        _chance = new Random(options.Seed);
    }

    internal static async Task RunAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine($"seed {options.Seed}, {options.Length.TotalMinutes:0.#} minutes, {Nodes} nodes, {options.Writers} writers and as many readers"
            + (NamespaceNetwork.Unavailable is { } why ? $"; no partitions: {why}" : ""));
        await using Cluster cluster = await Cluster.CreateAsync(
            new ClusterOptions
            {
                Nodes = Nodes,
                SeparateHosts = NamespaceNetwork.Unavailable is null,
                MonitorSettings = MonitorSettings.Impatient,
                NodeSettings = MonitorSettings.ImpatientKeeper,
            },
            cancellationToken);
        var run = new ChaosRun(options, cluster);
        try
        {
            await run.PlayAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            run.KeepEvidence(e);
            throw;
        }
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        _story.Begin();
        ReadHistory reads = await StartClientsAsync(cancellationToken);
        var history = new HistoryCheck(_cluster, _writers, reads);
        await history.LetRowsBeDoubledAsync(cancellationToken);
        var rest = new RestCheck(_cluster, _writers, reads);
        await rest.UntilAtRestAsync(cancellationToken);
        TimeSpan end = Clock.Now + _options.Length;
        while (Clock.Now < end)
        {
            await PlaySceneAsync(history, rest, cancellationToken);
        }

        Summarize(history, reads);
    }

    private async Task<ReadHistory> StartClientsAsync(CancellationToken cancellationToken)
    {
        for (int i = 1; i <= _options.Writers; i++)
        {
            _writers.Add(await _cluster.StartWriterAsync("w" + i.ToString(CultureInfo.InvariantCulture), cancellationToken));
        }

        var reads = new ReadHistory(_writers);
        for (int i = 1; i <= _options.Writers; i++)
        {
            await _cluster.StartReaderAsync("r" + i.ToString(CultureInfo.InvariantCulture), reads, cancellationToken);
        }

        return reads;
    }

    private async Task PlaySceneAsync(HistoryCheck history, RestCheck rest, CancellationToken cancellationToken)
    {
        var stage = new Stage(_cluster, _chance, _story);
        Scene scene = Scene.Draw(stage, _cutsLinks);
        _story.Write("");
        _story.Tell($"scene {_stalls.Count + 1}: {string.Join(" + ", scene.Faults.Select(f => f.Kind))}; primary {stage.Primary.Name}");
        TimeSpan began = Clock.Now;
        await scene.PlayAsync(cancellationToken);
        TimeSpan over = Clock.Now;
        TimeSpan steady = await rest.UntilAtRestAsync(cancellationToken);
        TimeSpan stall = WriteGaps.Longest(_writers.SelectMany(w => w.Acknowledged), began, Clock.Now);
        history.Reads(scene.Faults);
        await CheckRowsAsync(history, rest, cancellationToken);
        TimeSpan wait = steady > over ? steady - over : TimeSpan.Zero;
        _stalls.Add(scene.Kind, stall, wait);
        _story.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"at rest, {wait.TotalSeconds:0.0} s after the last fault was over; primary {_cluster.Primary.Name}; longest write stall {stall.TotalSeconds:0.00} s; "
            + $"{_writers.Sum(w => w.Acknowledged.Length)} rows acknowledged, none missing"));
    }

    /// <summary>
    /// What a fault caused may be noticed only now: a postmaster that was killed a moment ago is still missing, or a failover begins while the
    /// rows are read. Then there is nothing to be seen yet, and the group has to come to rest once more.
    /// </summary>
    private async Task CheckRowsAsync(HistoryCheck history, RestCheck rest, CancellationToken cancellationToken)
    {
        TimeSpan limit = Clock.Now + Patience.Default;
        while (true)
        {
            try
            {
                await history.RowsAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException && Clock.Now < limit)
            {
                _story.Tell($"  the rows could not be read yet: {e.Message}");
                await rest.UntilAtRestAsync(cancellationToken);
            }
        }
    }

    private void Summarize(HistoryCheck history, ReadHistory reads)
    {
        _story.Write("");
        foreach (string line in _stalls.Table())
        {
            _story.Write(line);
        }

        _story.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\nseed {_options.Seed}: {_stalls.Count} scenes; {_writers.Sum(w => w.Acknowledged.Length)} rows acknowledged, none missing, none twice; "
            + $"{reads.Reads} reads, none out of the past but {history.ExcusedReads} of nodes that nobody could reach to stop them"));
    }

    private void KeepEvidence(Exception e)
    {
        // Dead processes change nothing any more; the run's end kills what still lives.
        _cluster.KeepFiles();
        _story.Write("");
        _story.Tell(e.Message);
        File.WriteAllLines(
            _cluster.Files.Under("story.txt"),
            [
                $"seed {_options.Seed}", .. _story.Lines, "", "states:",
                .. _cluster.States.Changes.Select(s => $"{_story.At(s.At)}  {s}"), "", _cluster.Describe(),
            ]);
        Console.Error.WriteLine($"data directories, logs and the story stay in {_cluster.Files.Root}");
    }
}
