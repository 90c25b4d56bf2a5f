using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Postgres.Server;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Fakes;

/// <summary>A keeper's loop on a fake PostgreSQL, a fake monitor and manual time.</summary>
internal sealed class KeeperRig : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private CancellationTokenSource _stopping = new();
    private NodeActiveService? _service;

    public KeeperRig(NodeState role)
    {
        Store.Save(new KeeperState { CurrentRole = role, AssignedRole = role, NodeId = 1, SystemIdentifier = 42 });
        Monitor.Goal = role;
    }

    public ManualTimeProvider Time { get; } = new();

    public FakeServer Server { get; } = new();

    public FakeMonitor Monitor { get; } = new();

    public MemoryStore Store { get; } = new();

    public LogBook Log { get; } = new();

    public bool StopWhenInitialized { get; init; }

    public KeeperSettings Settings { get; init; } = new() { Name = "node1", Host = "localhost", Port = 5501 };

    public Task<KeeperOutcome> Run { get; private set; } = Task.FromResult(KeeperOutcome.Stopped);

    public NodeStatus? Status => _service?.Status;

    public NodeState Role => Store.State?.CurrentRole ?? NodeState.Unknown;

    public static WalSender Streaming(Lsn flushed, double secondsSinceReply = 0.5) =>
        new("pgautofailover_standby_2", "streaming", "quorum", flushed, TimeSpan.FromSeconds(secondsSinceReply));

    public void Start()
    {
        _service = new NodeActiveService(
            new KeeperOptions
            {
                FormationId = "default",
                PgData = "/data",
                ProgramVersion = "test",
                Settings = Settings,
                StopWhenInitialized = StopWhenInitialized,
            },
            Server,
            Monitor,
            Store,
            Log,
            Time);
        Run = _service.RunAsync(_stopping.Token);
    }

    /// <summary>Has the keeper read another configuration.</summary>
    public void Reload(KeeperSettings settings) => _service!.RequestReload(settings); // started before

    /// <summary>What a kill leaves: the state on disk, PostgreSQL as it is, nothing else.</summary>
    public async Task KillAsync()
    {
        await _stopping.CancelAsync();
        await UntilAsync(() => Run.IsCompleted, "the keeper ends");
        _stopping.Dispose();
        _stopping = new();
    }

    /// <summary>Lets time pass in small steps until something is so.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            if (patience.Elapsed > s_patience)
            {
                throw new TimeoutException($"never: {what} (role {Role}, calls {string.Join(' ', Server.Calls)})\n{Log}");
            }

            await StepAsync();
        }
    }

    /// <summary>Lets a span of time pass in small steps.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        var end = Time.Now + span;
        while (Time.Now < end)
        {
            await StepAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _stopping.Dispose();
        _service?.Dispose();
    }

    private async Task StepAsync()
    {
        // Only a loop that sleeps may be overtaken by time; what runs beside it gets its turn meanwhile.
        await Task.Delay(1, TestContext.Current.CancellationToken);
        if (Time.LoopSleeps || Run.IsCompleted)
        {
            Time.Advance(s_step);
        }
    }
}

/// <summary>Keeps what was logged, for messages of failed tests and for tests of messages.</summary>
internal sealed class LogBook : ILogger<NodeActiveService>, ILogger<ClientAddressWatch>, ILogger<MetadataWatch>, ILogger<StreamWatch>
{
    private readonly List<string> _lines = [];

    public bool Has(string text)
    {
        lock (_lines)
        {
            return _lines.Exists(l => l.Contains(text, StringComparison.Ordinal));
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }

    public override string ToString() => ToString(most: 60);

    public string ToString(int most)
    {
        lock (_lines)
        {
            return string.Join('\n', _lines.TakeLast(most));
        }
    }
}
