using System.Globalization;
using Npgsql;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>One pg_autoctl service, monitor or node, with its PostgreSQL: what a host of its own would run.</summary>
public sealed class TestNode
{
    private readonly ClusterDirectory _files;
    private Service? _service;

    internal TestNode(ClusterDirectory files, string name, TestHost host, int port)
    {
        _files = files;
        Name = name;
        Host = host;
        Port = port;
        DataDirectory = files.Under(name);
    }

    public string Name { get; }

    public TestHost Host { get; }

    public int Port { get; }

    public string DataDirectory { get; }

    /// <summary>Everything that pg_autoctl wrote, over all its runs.</summary>
    public string LogFile => _files.Under(Name + ".log");

    /// <summary>The process id of pg_autoctl, or null if it does not run.</summary>
    public int? AutoctlPid => _service is { HasExited: false } running ? running.Pid : null;

    /// <summary>The exit code of the last run, or null while it goes on.</summary>
    public int? ExitCode => _service is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The postmaster that serves this data directory, or null if there is none.</summary>
    public int? PostmasterPid
    {
        get
        {
            try
            {
                string first = File.ReadLines(Path.Combine(DataDirectory, "postmaster.pid")).First();
                int pid = int.Parse(first, CultureInfo.InvariantCulture);
                return ProcessTable.WorkingDirectory(pid) == DataDirectory && ProcessTable.IsAlive(pid) ? pid : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>Somebody listens on the node's port on the node's host: a creation may begin without TCP.</summary>
    public bool IsListening => AutoctlPid is { } pid && ListeningPorts.Of(pid).Contains(Port);

    /// <summary>What the service is started with; the one under test unless another version is to be.</summary>
    public string Program { get; set; } = Binaries.PgAutoctl;

    /// <summary>Starts <c>pg_autoctl run</c>.</summary>
    public void Run() => Start(["run", "--pgdata", DataDirectory]);

    /// <summary>Starts <c>pg_autoctl run</c> through programs that become it in the end, such as <c>env NAME=value</c>.</summary>
    public void RunThrough(IReadOnlyList<string> wrapper, params IReadOnlyList<string> options) => Start(["run", "--pgdata", DataDirectory, .. options], wrapper);

    /// <summary>Starts pg_autoctl with a command that goes on, such as <c>create postgres … --run</c>.</summary>
    public void Start(IReadOnlyList<string> arguments) => Start(arguments, []);

    private void Start(IReadOnlyList<string> arguments, IReadOnlyList<string> wrapper)
    {
        LivingClusters.RefuseIfEnding();
        _service?.Dispose();
        _service = Service.Start([.. Host.Prefix, .. wrapper], [Program, .. arguments], _files.Environment, _files.Root, LogFile);
    }

    /// <summary>Runs one pg_autoctl command on this host to its end, with <c>--pgdata</c> of this node.</summary>
    public Task<CommandResult> AutoctlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        AutoctlRawAsync([.. arguments, "--pgdata", DataDirectory], cancellationToken);

    /// <summary>Runs one pg_autoctl command on this host to its end, arguments as given.</summary>
    public Task<CommandResult> AutoctlRawAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ExecuteAsync([Binaries.PgAutoctl, .. arguments], cancellationToken);

    /// <summary>Runs one command below <c>do</c>, which are there for debugging only, with <c>--pgdata</c> of this node.</summary>
    public Task<CommandResult> DoAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ExecuteAsync(["env", "PG_AUTOCTL_DEBUG=1", Binaries.PgAutoctl, "do", .. arguments, "--pgdata", DataDirectory], cancellationToken);

    /// <summary>Runs any command on this host as the clusters' owner.</summary>
    public Task<CommandResult> ExecuteAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Command.RunAsync([.. Host.Prefix, .. command], _files.Environment, _files.Root, Patience.Command, cancellationToken);

    /// <summary>A superuser's connection over the unix socket, which no cut network takes away.</summary>
    public string LocalConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _files.Sockets,
        Port = Port,
        Username = Account.Name,
        Database = database,
        Pooling = false,
        Timeout = 3,
        CommandTimeout = 10,
        CancellationTimeout = -1,
        GssEncryptionMode = GssEncryptionMode.Disable,
        ApplicationName = "harness",
    }.ConnectionString;

    /// <summary>Sends SIGKILL to the postmaster alone.</summary>
    public void KillPostmaster() => Native.Signal(
        PostmasterPid ?? throw new InvalidOperationException($"{Name}: no postmaster runs"), Native.SigKill);

    /// <summary>Sends SIGKILL to pg_autoctl alone; its PostgreSQL goes on.</summary>
    public async Task KillAutoctlAsync(CancellationToken cancellationToken)
    {
        Native.Signal(AutoctlPid ?? throw new InvalidOperationException($"{Name}: pg_autoctl does not run"), Native.SigKill);
        await WaitForExitAsync(cancellationToken);
    }

    /// <summary>Sends SIGKILL to everything of this node, as the loss of its host would.</summary>
    public async Task KillEverythingAsync(CancellationToken cancellationToken)
    {
        // Whoever is forked while the list is read appears in the next one. A host that is lost takes its process ids with it: one
        // that is still dying would make the next postmaster believe that the directory is in use.
        var killed = new HashSet<int>();
        await Patience.UntilAsync(
            $"everything of {Name} is dead",
            () =>
            {
                List<int> alive = Processes();
                killed.UnionWith(alive);
                killed.RemoveWhere(pid => !Native.Signal(pid, Native.SigKill));
                return alive.Count == 0 && killed.Count == 0;
            },
            cancellationToken);
        await WaitForExitAsync(cancellationToken);
    }

    /// <summary>Sends SIGSTOP to everything of this node, and returns when all of it stands still.</summary>
    public void Freeze() => Freeze(Processes);

    public void Thaw() => SignalAll(Native.SigCont);

    /// <summary>The same to pg_autoctl alone; its PostgreSQL goes on. <see cref="Thaw"/> lets it go on too.</summary>
    public void FreezeAutoctl()
    {
        int pid = AutoctlPid ?? throw new InvalidOperationException($"{Name}: pg_autoctl does not run");
        Freeze(() => [pid]);
    }

    /// <summary>Asks pg_autoctl to stop and waits until it has; kills what is left after a while.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        SignalAll(Native.SigCont);
        if (AutoctlPid is { } pid)
        {
            Native.Signal(pid, Native.SigTerm);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience.Stop);
            try
            {
                await WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                File.AppendAllText(LogFile, "\n### did not stop in time: killed\n");
            }
        }

        await KillEverythingAsync(cancellationToken);
    }

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        Service service = _service ?? throw new InvalidOperationException($"{Name} was never started");
        await service.WaitForExitAsync(cancellationToken);
        return service.ExitCode;
    }

    /// <summary>The end of the log, for messages of failed tests.</summary>
    public string LogTail(int lines)
    {
        try
        {
            return string.Join('\n', File.ReadLines(LogFile).TakeLast(lines));
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    public override string ToString() => Name;

    internal async Task KillEverythingAndForgetAsync()
    {
        await KillEverythingAsync(CancellationToken.None);
        _service?.Dispose();
        _service = null;
    }

    internal bool WasStarted => _service is not null;

    private static void Freeze(Func<List<int>> listed)
    {
        // Again and again: a parent may fork before it stops, and a process's other threads work on for a moment after the signal.
        bool stands = SpinWait.SpinUntil(
            () =>
            {
                List<int> pids = listed();
                pids.ForEach(pid => Native.Signal(pid, Native.SigStop));
                return pids.TrueForAll(ProcessTable.StandsStill);
            },
            Patience.Default);
        if (!stands)
        {
            throw new TimeoutException("not every process stopped after SIGSTOP");
        }
    }

    private void SignalAll(int signal)
    {
        foreach (int pid in Processes())
        {
            Native.Signal(pid, signal);
        }
    }

    private List<int> Processes()
    {
        ProcessTable table = ProcessTable.Read();
        var roots = new List<int>();
        if (AutoctlPid is { } autoctl)
        {
            roots.Add(autoctl);
        }

        if (PostmasterPid is { } postmaster)
        {
            roots.Add(postmaster);
        }

        roots.AddRange(table.WorkingIn(DataDirectory));
        return table.Trees(roots);
    }
}
