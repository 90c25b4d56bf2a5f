using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>
/// A monitor and its nodes, real processes in a temporary directory, made by the same commands that an operator types. Disposing it ends
/// every process it started and removes what it made, however a test ended.
/// </summary>
public sealed partial class Cluster : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly List<TestNode> _nodes = [];
    private readonly List<Writer> _writers = [];
    private readonly List<Reader> _readers = [];
    private StateWatcher? _watcher;

    private Cluster(ClusterOptions options, ClusterDirectory files, TestNetwork network)
    {
        _options = options;
        Files = files;
        Network = network;
        int[] ports = FreePorts.Take(options.Nodes + 1);
        Monitor = new TestNode(files, "monitor", network.Monitor, ports[0]);
        for (int i = 1; i <= options.Nodes; i++)
        {
            string name = "node" + i.ToString(CultureInfo.InvariantCulture);
            _nodes.Add(new TestNode(files, name, network.Node(i), ports[i]));
        }

        LivingClusters.Add(this);
    }

    public ClusterDirectory Files { get; }

    public TestNetwork Network { get; }

    public NamespaceNetwork Links => Network as NamespaceNetwork
        ?? throw new InvalidOperationException("links can only be cut in a cluster with SeparateHosts");

    public TestNode Monitor { get; }

    public IReadOnlyList<TestNode> Nodes => _nodes;

    public string MonitorUri { get; private set; } = "";

    public StateWatcher States => _watcher ?? throw new InvalidOperationException("the monitor has not been made");

    /// <summary>How long it took from the first command to one primary and its secondaries.</summary>
    public TimeSpan CreationTime { get; private set; }

    /// <summary>A cluster that has come to rest.</summary>
    public static async Task<Cluster> CreateAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        Cluster cluster = await PrepareAsync(options, cancellationToken);
        try
        {
            await cluster.CreateMonitorAsync(cancellationToken);
            foreach (TestNode node in cluster.Nodes)
            {
                await cluster.CreateNodeAsync(node, cancellationToken);
            }

            await cluster.CompleteAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Once every node is made: waits for rest, configures the nodes, makes the table that writers fill.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        CreationTime = await UntilSteadyAsync(cancellationToken) - _began;
        foreach (TestNode node in _nodes)
        {
            await ConfigureAsync(node, cancellationToken);
        }

        await SqlAsync(Primary, "create table if not exists ledger(writer text, id bigint, primary key (writer, id))", cancellationToken);
    }

    /// <summary>Directories, network and names of a cluster in which nothing has been started.</summary>
    public static async Task<Cluster> PrepareAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        Binaries.Require();
        LivingClusters.RefuseIfEnding();
        ClusterDirectory files = await ClusterDirectory.CreateAsync(cancellationToken);
        TestNetwork network = options.SeparateHosts
            ? await NamespaceNetwork.CreateAsync(options.Nodes, options.Family, cancellationToken)
            : new LoopbackNetwork();
        return new Cluster(options, files, network);
    }

    /// <summary>Starts <c>create monitor --run</c> and waits until commands are answered.</summary>
    public async Task CreateMonitorAsync(CancellationToken cancellationToken)
    {
        _began = Clock.Now;
        Monitor.Start([.. CreateMonitorCommand, "--run"]);
        await StartWatchingAsync(cancellationToken);
        await ApplyMonitorSettingsAsync(_options.MonitorSettings, cancellationToken);
    }

    public IReadOnlyList<string> CreateMonitorCommand =>
    [
        "create", "monitor", "--auth", _options.Auth, "--no-ssl", "--pgdata", Monitor.DataDirectory,
        "--pgport", Port(Monitor), .. HostName(Monitor), "--pgctl", Binaries.Postgres("pg_ctl"),
    ];

    public IReadOnlyList<string> CreateNodeCommand(TestNode node) =>
    [
        "create", "postgres", "--auth", _options.Auth, "--no-ssl", "--pgdata", node.DataDirectory,
        "--pghost", Files.Sockets, "--pgport", Port(node), .. HostName(node), "--name", node.Name, .. LocalNetwork,
        "--pgctl", Binaries.Postgres("pg_ctl"), "--monitor", MonitorUri,
    ];

    /// <summary>Starts <c>create postgres --run</c> and waits until the node is settled in its first role.</summary>
    public async Task CreateNodeAsync(TestNode node, CancellationToken cancellationToken)
    {
        node.Start([.. CreateNodeCommand(node), "--run"]);
        await UntilAsync(
            $"{node.Name} is settled in its first role",
            s => node.ExitCode is { } code
                ? throw new InvalidOperationException($"{node.Name} ended with exit code {code}\n{Describe()}")
                : s.Node(node.Name) is { IsSettled: true, Reported: "single" or "secondary" or "primary" },
            cancellationToken);
    }

    /// <summary>Gives a node that has just been made the settings that the nodes of this cluster have.</summary>
    public async Task ConfigureAsync(TestNode node, CancellationToken cancellationToken)
    {
        foreach ((string key, string value) in _options.NodeSettings)
        {
            CommandResult result = await node.AutoctlAsync(["config", "set", key, value], cancellationToken);
            result.Succeeded();
        }
    }

    /// <summary>Makes the monitor's URI known and starts to watch its states.</summary>
    public async Task StartWatchingAsync(CancellationToken cancellationToken)
    {
        _watcher ??= new StateWatcher(Monitor.LocalConnectionString("pg_auto_failover"));
        await UntilAsync("the monitor answers", s => s.Error is null && Monitor.IsListening, cancellationToken);
        CommandResult? answer = null;
        while (answer is not { ExitCode: 0 })
        {
            answer = await Monitor.AutoctlAsync(["show", "uri", "--formation", "monitor"], cancellationToken);
            if (answer.ExitCode != 0 && Clock.Now - _began > Patience.Default)
            {
                answer.Succeeded();
            }
        }

        MonitorUri = Uri().Match(answer.Output).Value;
    }

    /// <summary>ALTER SYSTEM on the monitor, and a reload.</summary>
    public async Task ApplyMonitorSettingsAsync(ImmutableDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        foreach ((string name, string value) in settings)
        {
            await SqlAsync(Monitor, $"alter system set {name} to '{value}'", cancellationToken);
        }

        await SqlAsync(Monitor, "select pg_reload_conf()", cancellationToken);
    }

    /// <summary>The node that the monitor's table calls primary now.</summary>
    public TestNode Primary => The("takes writes", n => n.TakesWrites);

    public TestNode Secondary => The("is a secondary", n => n.Reported == "secondary");

    public TestNode OtherThan(TestNode node) => _nodes.Single(n => n != node);

    /// <summary>One primary, the others secondary, seen after the call. Returns the time at which that began.</summary>
    public async Task<TimeSpan> UntilSteadyAsync(CancellationToken cancellationToken)
    {
        await UntilAsync("one primary and its secondaries", s => s.IsSteady(_nodes.Count), cancellationToken);
        return States.Last.At;
    }

    /// <summary>Waits for a state of the monitor's table, read after the call.</summary>
    public async Task UntilAsync(string what, Func<ClusterStatus, bool> condition, CancellationToken cancellationToken)
    {
        TimeSpan since = Clock.Now;
        await Patience.UntilAsync(
            what,
            () => (States.LastSeen >= since || States.Last.At >= since) && condition(States.Last),
            Patience.Default,
            Describe,
            cancellationToken);
    }

    /// <summary>Waits for anything, and tells the cluster's state if it does not come.</summary>
    public Task UntilAsync(string what, Func<bool> condition, CancellationToken cancellationToken) =>
        Patience.UntilAsync(what, condition, Patience.Default, Describe, cancellationToken);

    /// <summary>The same for a condition that has to be asked for.</summary>
    public Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken) =>
        Patience.UntilAsync(what, condition, Patience.Default, Describe, cancellationToken);

    /// <summary>Waits until the writer got an acknowledgement for something that it sent after this call.</summary>
    public Task UntilAcknowledgedAsync(Writer writer, CancellationToken cancellationToken)
    {
        TimeSpan since = Clock.Now;
        return Patience.UntilAsync(
            $"writer {writer.Name} gets an acknowledgement",
            () => writer.LastSent > since,
            Patience.Default,
            () => writer.Describe() + "\n" + Describe(),
            cancellationToken);
    }

    /// <summary>An application that writes through the URI which <c>show uri --formation default</c> prints.</summary>
    public async Task<Writer> StartWriterAsync(string name, CancellationToken cancellationToken)
    {
        string uri = await ApplicationUriAsync(cancellationToken);
        Writer writer = AddWriter(new Writer(name, LibpqUri.Parse(uri, Account.Name), Network.Client));
        await UntilAcknowledgedAsync(writer, cancellationToken);
        return writer;
    }

    /// <summary>A client on the node's own host that talks to this node and no other, primary or not.</summary>
    public Writer StartDirectWriter(string name, TestNode node) =>
        AddWriter(new Writer(name, new NpgsqlConnectionStringBuilder(node.LocalConnectionString("postgres")), node.Host));

    /// <summary>Rows that were acknowledged and are not there.</summary>
    public async Task<IReadOnlyList<MissingRow>> MissingRowsAsync(CancellationToken cancellationToken)
    {
        await UntilAsync("exactly one node takes writes", s => s.Nodes.Count(n => n.TakesWrites) == 1, cancellationToken);
        return await Ledger.FindMissingAsync(Primary.LocalConnectionString("postgres"), Ledger.Promises(_writers), cancellationToken);
    }

    /// <summary>Runs any command on a host as the clusters' owner.</summary>
    public Task<CommandResult> ExecuteAsync(TestHost host, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Command.RunAsync([.. host.Prefix, .. command], Files.Environment, Files.Root, Patience.Command, cancellationToken);

    public async Task SqlAsync(TestNode node, string sql, CancellationToken cancellationToken) => await ScalarAsync(node, sql, cancellationToken);

    public async Task<object?> ScalarAsync(TestNode node, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(node.LocalConnectionString(node == Monitor ? "pg_auto_failover" : "postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>What happened so far, for the message of a failed test.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (ClusterStatus status in _watcher?.Changes.TakeLast(12) ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"  {status.At.TotalSeconds,8:0.00}  {status}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  {Clock.Now.TotalSeconds,8:0.00}  now\n");
        foreach (Writer writer in _writers)
        {
            text.Append(writer.Describe()).Append('\n');
        }

        foreach (TestNode node in _nodes.Prepend(Monitor).Where(n => n.WasStarted))
        {
            text.Append(CultureInfo.InvariantCulture, $"--- {node.LogFile} (exit code {node.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "none"})\n{node.LogTail(15)}\n");
        }

        return text.ToString();
    }

    /// <summary>An application that goes on reading through the same URI what the writers have written.</summary>
    public async Task<Reader> StartReaderAsync(string name, ReadHistory history, CancellationToken cancellationToken)
    {
        var reader = new Reader(name, LibpqUri.Parse(await ApplicationUriAsync(cancellationToken), Account.Name), Network.Client, history);
        _readers.Add(reader);
        return reader;
    }

    /// <summary>The files stay when the cluster is disposed of, for whoever wants to know what happened.</summary>
    public void KeepFiles() => _keepsFiles = true;

    /// <summary>Ends the writers and the watching, and leaves the services running and the files in place.</summary>
    public void LetGo()
    {
        StopClients();
        LivingClusters.Remove(this);
        _isLetGo = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isLetGo)
        {
            return;
        }

        StopClients();
        foreach (TestNode node in _nodes.Append(Monitor).Where(n => n.WasStarted))
        {
            await node.KillEverythingAndForgetAsync();
        }

        await Network.DisposeAsync();
        LivingClusters.Remove(this);
        if (!_keepsFiles && Environment.GetEnvironmentVariable("HARNESS_KEEP_FILES") is null)
        {
            Files.Delete();
        }
    }

    private TimeSpan _began = Clock.Now;
    private bool _isLetGo;
    private bool _keepsFiles;

    [GeneratedRegex(@"postgres(ql)?://\S+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Uri();

    private TestNode The(string what, Func<NodeStatus, bool> condition)
    {
        ClusterStatus status = States.Last;
        NodeStatus[] found = [.. status.Nodes.Where(condition)];
        return found is [var one]
            ? _nodes.Single(n => n.Name == one.Name)
            : throw new InvalidOperationException($"not one node that {what}, but {found.Length}: {status}");
    }

    private string[] HostName(TestNode node) => _options.DiscoversHosts ? [] : ["--hostname", node.Host.Address];

    private string[] LocalNetwork => _options.SeparateHosts ? ["--pg-hba-lan"] : [];

    private static string Port(TestNode node) => node.Port.ToString(CultureInfo.InvariantCulture);

    private async Task<string> ApplicationUriAsync(CancellationToken cancellationToken)
    {
        CommandResult answer = await Monitor.AutoctlAsync(["show", "uri", "--formation", "default"], cancellationToken);
        return Uri().Match(answer.Succeeded().Output).Value;
    }

    private void StopClients()
    {
        EndWriters();
        _readers.ForEach(reader => reader.Dispose());
        _readers.Clear();
        _watcher?.Dispose();
        _watcher = null;
    }

    /// <summary>Ends the writers and forgets what they were promised.</summary>
    public void EndWriters()
    {
        foreach (Writer writer in _writers)
        {
            writer.Dispose();
        }

        _writers.Clear();
    }

    private Writer AddWriter(Writer writer)
    {
        _writers.Add(writer);
        return writer;
    }
}
