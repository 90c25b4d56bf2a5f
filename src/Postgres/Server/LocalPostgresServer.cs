using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Adoption;
using PgAutoFailover.Postgres.Backups;
using PgAutoFailover.Postgres.Certificates;
using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Hba;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Programs;
using PgAutoFailover.Postgres.Rewind;
using PgAutoFailover.Postgres.Roles;
using PgAutoFailover.Postgres.Sessions;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Slots;
using PgAutoFailover.Postgres.Standby;
using PgAutoFailover.Postgres.Wal;

namespace PgAutoFailover.Postgres.Server;

/// <summary>The PostgreSQL of this machine: real processes, a real data directory. Puts the parts of this project together.</summary>
public sealed class LocalPostgresServer : IPostgresServer, IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly PostmasterSupervisor _supervisor;
    private readonly LocalEndpoint _endpoint;
    private readonly LocalSession _observing;
    private readonly LocalSession _working;
    private readonly LocalCommands _commands;
    private readonly Observation _observation;
    private readonly SynchronousStandbys _synchronous;
    private readonly Promotion _promotion;
    private readonly ReceivingStop _receivingStop;
    private readonly NodeHba _hba;
    private readonly ReplicationSlots _slots;
    private readonly SelfSignedCertificate _certificate;
    private readonly ProgramRunner _programs;
    private readonly CrashRecovery _recovery;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _disposed = new();
    private Task _checkpoint = Task.CompletedTask;

    public LocalPostgresServer(PostgresOptions options, ILogger logger, TimeProvider time)
    {
        Options = options;
        _logger = logger;
        _time = time;
        _supervisor = new PostmasterSupervisor(() => Options, logger, time);
        _endpoint = new LocalEndpoint(() => Options, () => _supervisor.Current);
        _observing = new LocalSession(_endpoint, TimeSpan.FromSeconds(2), logger);
        _working = new LocalSession(_endpoint, TimeSpan.Zero, logger);
        _commands = new LocalCommands(_working);
        _observation = new Observation(_supervisor, new Observer(_observing, time));
        _synchronous = new SynchronousStandbys(_commands, logger, time);
        _promotion = new Promotion(_commands, _synchronous, logger, time);
        _receivingStop = new ReceivingStop(_commands, logger, time);
        _hba = new NodeHba(new HbaFile(logger), new HbaAddress(logger, time), logger);
        _slots = new ReplicationSlots(_commands, logger);
        _certificate = new SelfSignedCertificate(logger, time);
        _programs = new ProgramRunner(logger);
        _recovery = new CrashRecovery(_programs, logger, time);
    }

    /// <summary>Replaced whole when the configuration was changed; each operation uses what is set when it begins.</summary>
    public PostgresOptions Options { get; set; }

    public bool DataDirectoryExists => ClusterFiles.Exist(Options.PgData) && UnfinishedWork.Read(Options) is not UnfinishedWork.InitDb;

    public bool IsRunning => _supervisor.Current is not null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (PasswordFile.Differs(Options) && File.Exists(StandbySettings.SignalOf(Options)))
        {
            await NotePasswordAsync();
        }

        await _supervisor.StartAsync(cancellationToken);

        // It was changed while nobody was there to take it up.
        if (PasswordFile.Differs(Options))
        {
            await SetReplicationPasswordAsync(cancellationToken);
        }
    }

    public async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        await ForgetSessionsAsync(mode, cancellationToken);
        await _supervisor.StopAsync(mode, cancellationToken);
    }

    public Task ReleaseAsync(CancellationToken cancellationToken) => _supervisor.ReleaseAsync(cancellationToken);

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync(StopMode.Fast, cancellationToken);
        await StartAsync(cancellationToken);
    }

    public Task<PostgresObservation> ObserveAsync(CancellationToken cancellationToken) => _observation.LookAsync(cancellationToken);

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _supervisor.Changed.WaitAsync(cancellationToken);

    public Task<ControlData> ReadControlDataAsync(CancellationToken cancellationToken) =>
        new ControlDataReader(_programs).ReadAsync(Options, cancellationToken);

    public Task InitDbAsync(CancellationToken cancellationToken) =>
        FileErrors.TranslateAsync(() => new InitDb(_programs, _logger, _time).RunAsync(Options, cancellationToken));

    public Task<bool> WriteSettingsAsync(CancellationToken cancellationToken)
    {
        return FileErrors.TranslateAsync(() => Task.FromResult(Write()));

        bool Write()
        {
            DebianLayout.Adopt(Options.PgData);
            var changed = Options.Ssl is { Active: true, SelfSigned: true } && _certificate.Ensure(Options);
            return SettingsFile.Write(Options) || changed;
        }
    }

    public async Task CreateRolesAsync(IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken)
    {
        await new DataNodeRoles(_commands, _endpoint).EnsureAsync(Options, cancellationToken);
        await NotePasswordAsync();
        if (await _hba.AllowOwnAsync(Options, monitorHosts, cancellationToken))
        {
            await ReloadAsync(cancellationToken);
        }
    }

    /// <summary>Creates the role with which a monitor checks this node's health, and lets it in from there. A primary must run.</summary>
    public async Task CreateMonitorRoleAsync(IReadOnlyList<string> monitorHosts, CancellationToken cancellationToken)
    {
        await new DataNodeRoles(_commands, _endpoint).EnsureMonitorAsync(cancellationToken);
        await EnsureHbaAsync(monitorHosts, [], cancellationToken);
    }

    /// <summary>Creates the role with which nodes follow each other. A primary must run.</summary>
    public async Task CreateReplicatorAsync(CancellationToken cancellationToken)
    {
        await new DataNodeRoles(_commands, _endpoint).EnsureReplicatorAsync(Options, cancellationToken);
        await NotePasswordAsync();
    }

    public async Task EnsureHbaAsync(IReadOnlyList<string> monitorHosts, IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken)
    {
        var changed = await _hba.AllowOwnAsync(Options, monitorHosts, cancellationToken);
        if ((await _hba.AllowNodesAsync(Options, others, cancellationToken) || changed) && IsRunning)
        {
            await ReloadAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Gives the role of replication the configured password, where this server takes writes: standbys get it with the data. A server that does not
    /// run, or follows another, is left alone.
    /// </summary>
    public async Task SetReplicationPasswordAsync(CancellationToken cancellationToken)
    {
        if (await ObserveAsync(cancellationToken) is { IsReady: true, InRecovery: false })
        {
            await new DataNodeRoles(_commands, _endpoint).SetReplicationPasswordAsync(Options, cancellationToken);
            await NotePasswordAsync();
        }
    }

    /// <summary>Adds a rule of the caller's to <c>pg_hba.conf</c>; reloads when it was missing.</summary>
    public async Task AddHbaRuleAsync(HbaRule rule, CancellationToken cancellationToken)
    {
        if (await _hba.AllowAsync(Options, [rule], cancellationToken) && IsRunning)
        {
            await ReloadAsync(cancellationToken);
        }
    }

    public Task ReloadAsync(CancellationToken cancellationToken)
    {
        // Not by SQL: a server that is still starting, or refuses connections, reloads too.
        _supervisor.Current?.Process.Signal(Libc.SigHup);
        return Task.CompletedTask;
    }

    public Task CheckpointAsync(CancellationToken cancellationToken) => _commands.ExecuteAsync("checkpoint", cancellationToken);

    public Task SetSynchronousStandbyNamesAsync(string value, CancellationToken cancellationToken) => _synchronous.SetAsync(value, cancellationToken);

    public Task<bool> WriteStandbySettingsAsync(Upstream? upstream, CancellationToken cancellationToken)
    {
        return FileErrors.TranslateAsync(() => Task.FromResult(Write()));

        bool Write()
        {
            var cleaned = !IsRunning && AlteredSettings.Clean(Options.PgData);
            return StandbySettings.Write(Options, upstream) || cleaned;
        }
    }

    public Task StopReceivingAsync(CancellationToken cancellationToken) => _receivingStop.RunAsync(Options, cancellationToken);

    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        // Of a cluster that is being restored, which has no standby.signal, the target is where it is meant to end.
        if (File.Exists(StandbySettings.SignalOf(Options)))
        {
            await RecoveryTarget.RefuseAsync(_commands, cancellationToken);
        }

        var promoted = await _promotion.RunAsync(cancellationToken);
        StandbySettings.Clear(Options);
        if (promoted)
        {
            // Others rewind by the timeline in our control file, which a checkpoint brings up to date. Nobody waits for it.
            _checkpoint = CheckpointBehindAsync(_checkpoint);
        }
    }

    public Task<UpstreamIdentity> IdentifyAsync(Upstream upstream, CancellationToken cancellationToken) =>
        UpstreamClient.IdentifyAsync(Options, upstream, cancellationToken);

    public Task<bool?> SharesWalAsync(Upstream upstream, UpstreamIdentity identity, int timeline, Lsn upTo, CancellationToken cancellationToken) =>
        FileErrors.TranslateAsync(() => WalComparison.RunAsync(Options, upstream, identity, timeline, upTo, _logger, cancellationToken));

    /// <summary>Whether another node's server is out of recovery.</summary>
    /// <exception cref="PostgresException">It does not answer.</exception>
    public Task<bool> TakesWritesAsync(Upstream node, CancellationToken cancellationToken) =>
        UpstreamClient.TakesWritesAsync(Options, node, cancellationToken);

    public async Task BaseBackupAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        await SameMajorVersion.RequireAsync(Options, upstream, cancellationToken);
        await StopAsync(StopMode.Immediate, cancellationToken);
        await FileErrors.TranslateAsync(() => new BaseBackup(_programs, _logger).RunAsync(Options, upstream, cancellationToken));
    }

    /// <summary>
    /// Finds out whether <see cref="RewindAsync"/> would work, and changes nothing but that a former primary that crashed gets its recovery. PostgreSQL
    /// must not run.
    /// </summary>
    /// <exception cref="PostgresException">It would not; the message says why.</exception>
    public Task PrepareRewindAsync(Upstream upstream, CancellationToken cancellationToken) =>
        new PgRewind(_programs, _recovery, _logger).PrepareAsync(Options, upstream, cancellationToken);

    /// <summary>Finishes the recovery of a cluster that was not shut down, out of everyone's reach, and shuts it down. PostgreSQL must not run.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken) => FileErrors.TranslateAsync(() => _recovery.RunAsync(Options, cancellationToken));

    public async Task RewindAsync(Upstream upstream, CancellationToken cancellationToken)
    {
        await StopAsync(StopMode.Fast, cancellationToken);
        await FileErrors.TranslateAsync(() => new PgRewind(_programs, _recovery, _logger).RunAsync(Options, upstream, cancellationToken));
    }

    public Task EnsureSlotsAsync(IReadOnlyList<NodeAddress> others, CancellationToken cancellationToken) => _slots.EnsureAsync(others, cancellationToken);

    public Task DropSlotsAsync(CancellationToken cancellationToken) => _slots.DropAllAsync(cancellationToken);

    /// <summary>A connection string to a database of the running server, as its superuser, over its Unix socket.</summary>
    public string LocalConnectionString(string database) => _endpoint.ConnectionString(database);

    /// <summary>Lets go of PostgreSQL without stopping it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _checkpoint;
        await _supervisor.DisposeAsync();
        await _observing.DisposeAsync();
        await _working.DisposeAsync();
        _disposed.Dispose();
    }

    private Task<bool> NotePasswordAsync() => FileErrors.TranslateAsync(() => Task.FromResult(PasswordFile.Write(Options, Conninfo.Replicator)));

    // A smart stop waits for all sessions to end: ours too.
    private async Task ForgetSessionsAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (mode == StopMode.Smart)
        {
            await _observing.ForgetAsync(cancellationToken);
            await _working.ForgetAsync(cancellationToken);
        }
    }

    private async Task CheckpointBehindAsync(Task earlier)
    {
        await earlier;
        try
        {
            await using var session = new LocalSession(_endpoint, TimeSpan.Zero, _logger);
            await new LocalCommands(session).ExecuteAsync("checkpoint", _disposed.Token);
        }
        catch (PostgresException e)
        {
            Log.CheckpointFailed(_logger, e.Message);
        }
        catch (OperationCanceledException)
        {
            // This server is being let go of.
        }
    }
}
