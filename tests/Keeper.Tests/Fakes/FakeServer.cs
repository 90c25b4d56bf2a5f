using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Tests.Fakes;

/// <summary>A PostgreSQL without a process: remembers what was asked of it, and fails or hangs where a test wants it to.</summary>
internal sealed class FakeServer : IPostgresServer
{
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();
    private readonly ConcurrentDictionary<string, Exception> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _deaf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Calls { get; } = new();

    public bool DataDirectoryExists { get; set; } = true;

    public bool IsRunning { get; set; }

    public bool InRecovery { get; set; }

    public string Sync { get; set; } = "";

    public Lsn Lsn { get; set; } = new(0x3000060);

    public int Timeline { get; set; } = 1;

    public PostgresPhase? Phase { get; set; }

    public IReadOnlyList<WalSender> WalSenders { get; set; } = [];

    public WalReceiver? WalReceiver { get; set; }

    public string RecoveryTarget { get; set; } = "";

    public ControlData Control { get; set; } = new(1300, 202209061, 42, "shut down", new(0x3000028), 1, default, 0);

    public UpstreamIdentity Identity { get; set; } = new(42, 1, new(0x3000100), []);

    /// <summary>It was told to stop.</summary>
    public bool IsToStop { get; private set; }

    /// <summary>Whether the settings that were written last name an upstream; null before the first.</summary>
    public Upstream? WrittenUpstream { get; private set; }

    /// <summary>From now on the call fails, until <see cref="Heal"/>.</summary>
    public void Fail(string call, string why = "it was told to fail") => _failures[call] = new PostgresException(why);

    /// <summary>As <see cref="Fail"/>, with what costs others something.</summary>
    public void FailCostly(string call) => _failures[call] = new PostgresException("it was told to fail") { IsCostly = true };

    public void Heal(string call) => _failures.TryRemove(call, out _);

    /// <summary>From now on the call does not return before <see cref="Release"/> or its cancellation.</summary>
    public void Hold(string call) => _gates[call] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>As <see cref="Hold"/>, and the call ignores its cancellation.</summary>
    public void HoldForGood(string call)
    {
        _deaf[call] = true;
        Hold(call);
    }

    public void Release(string call)
    {
        if (_gates.TryRemove(call, out var gate))
        {
            gate.SetResult();
        }
    }

    public void Crash()
    {
        IsRunning = false;
        _changes.Writer.TryWrite(true);
    }

    public int Count(string call) => Calls.Count(c => c == call);

    public Task StartAsync(CancellationToken cancellationToken) => DoAsync(() => (IsRunning, IsToStop) = (true, false), cancellationToken);

    public Task StopAsync(StopMode mode, CancellationToken cancellationToken) => DoAsync(() => (IsRunning, IsToStop) = (false, true), cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task RestartAsync(CancellationToken cancellationToken) => DoAsync(() => IsRunning = true, cancellationToken);

    public async Task<PostgresObservation> ObserveAsync(CancellationToken cancellationToken)
    {
        if (_gates.TryGetValue("Observe", out var gate))
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        return new PostgresObservation
        {
            Phase = Phase ?? (IsRunning ? PostgresPhase.Ready : PostgresPhase.Down),
            IsToStop = IsToStop,
            InRecovery = InRecovery,
            Lsn = Lsn,
            Timeline = Timeline,
            SystemIdentifier = 42,
            SynchronousStandbyNames = Sync,
            WalSenders = WalSenders,
            WalReceiver = WalReceiver,
            RecoveryTarget = RecoveryTarget,
        };
    }

    public async Task WaitForChangeAsync(CancellationToken cancellationToken) => await _changes.Reader.ReadAsync(cancellationToken);

    public Task<ControlData> ReadControlDataAsync(CancellationToken cancellationToken) => Task.FromResult(Control);

    public Task InitDbAsync(CancellationToken cancellationToken) => DoAsync(() => DataDirectoryExists = true, cancellationToken);

    public async Task<bool> WriteSettingsAsync(CancellationToken cancellationToken)
    {
        await DoAsync(() => { }, cancellationToken);
        return false;
    }

    public Task CreateRolesAsync(IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task EnsureHbaAsync(IReadOnlyList<string> monitorHosts, IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task ReloadAsync(CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task CheckpointAsync(CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task SetSynchronousStandbyNamesAsync(string value, CancellationToken cancellationToken) => DoAsync(() => Sync = value, cancellationToken);

    public async Task<bool> WriteStandbySettingsAsync(Upstream? upstream, CancellationToken cancellationToken)
    {
        await DoAsync(() => (WrittenUpstream, InRecovery) = (upstream, true), cancellationToken);
        return true;
    }

    public Task StopReceivingAsync(CancellationToken cancellationToken) => DoAsync(() => WalReceiver = null, cancellationToken);

    public Task PromoteAsync(CancellationToken cancellationToken) => DoAsync(() => InRecovery = false, cancellationToken);

    public async Task<UpstreamIdentity> IdentifyAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        await DoAsync(() => { }, cancellationToken);
        return Identity;
    }

    /// <summary>What <see cref="SharesWalAsync"/> finds.</summary>
    public bool? SharesWal { get; set; } = true;

    public Task<bool?> SharesWalAsync(Upstream upstream, UpstreamIdentity identity, int timeline, Lsn upTo, CancellationToken cancellationToken) =>
        Task.FromResult(SharesWal);

    public Task BaseBackupAsync(Upstream upstream, CancellationToken cancellationToken) =>
        DoAsync(() => (DataDirectoryExists, InRecovery) = (true, true), cancellationToken);

    public Task RewindAsync(Upstream upstream, CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task EnsureSlotsAsync(IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    public Task DropSlotsAsync(CancellationToken cancellationToken) => DoAsync(() => { }, cancellationToken);

    private async Task DoAsync(Action effect, CancellationToken cancellationToken, [CallerMemberName] string method = "")
    {
        var call = method.Replace("Async", "", StringComparison.Ordinal);
        Calls.Enqueue(call);
        if (_gates.TryGetValue(call, out var gate))
        {
            await gate.Task.WaitAsync(_deaf.ContainsKey(call) ? CancellationToken.None : cancellationToken);
        }

        if (_failures.TryGetValue(call, out var failure))
        {
            throw failure;
        }

        effect();
    }
}
