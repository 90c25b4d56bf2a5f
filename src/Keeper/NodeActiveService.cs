using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Hooks;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper;

/// <summary>
/// The service <c>node-active</c>: carries out on the local PostgreSQL what the monitor assigns, and reports. The node has to be
/// registered already (<see cref="Creation.KeeperCreation"/>). It never stops PostgreSQL because it is stopped itself.
/// </summary>
public sealed class NodeActiveService : IDisposable
{
    private readonly KeeperOptions _options;
    private readonly IPostgresServer _server;
    private readonly IMonitorClient _monitor;
    private readonly IKeeperStateStore _store;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly LoopInputs _inputs;
    private volatile NodeActiveLoop? _loop;

    public NodeActiveService(
        KeeperOptions options, IPostgresServer server, IMonitorClient monitor, IKeeperStateStore store, ILogger<NodeActiveService> logger, TimeProvider time)
    {
        (_options, _server, _monitor, _store, _log, _time) = (options, server, monitor, store, logger, time);
        _inputs = new LoopInputs(time);
    }

    /// <summary>What the loop knew last; null before its first round, and when it has ended.</summary>
    public NodeStatus? Status => _loop?.Status;

    /// <summary>Told, in the loop's own turn, of each state that the node reaches. Must not block.</summary>
    public Action<RoleChange>? RoleChanged { get; init; }

    /// <summary>Has the loop apply a configuration that was read again.</summary>
    public void RequestReload(KeeperSettings settings) => _inputs.Tell(settings);

    /// <summary>Runs until it is cancelled, or until the node is dropped, or initialised where only that was asked for.</summary>
    /// <exception cref="KeeperStateException">The state file cannot be read, or there is none.</exception>
    public async Task<KeeperOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var state = _store.Load()
            ?? throw new KeeperStateException(_options.PgData, "there is none; the node has not been created");
        var context = new KeeperContext(_options, _server, _monitor, new StateHolder(_store, state), _log, _time);
        using var loop = new NodeActiveLoop(context, _inputs, await HasStandbyOnDiskAsync(state, cancellationToken)) { RoleChanged = RoleChanged };
        _loop = loop;
        _inputs.Tell(_options.Settings);
        _log.ServiceIsRunning(state.CurrentRole.ToWire());

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watches = Task.WhenAll(
            GroupWatch.RunAsync(context, _inputs, ending.Token),
            PostgresWatch.RunAsync(_server, _inputs, ending.Token));
        try
        {
            return await loop.RunAsync(cancellationToken);
        }
        finally
        {
            _loop = null;
            Cancel(ending);
            await watches;
        }
    }

    public void Dispose() => _inputs.Dispose();

    // In this turn: its callbacks are brief, and the simulator allows no other thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    /// <summary>
    /// Whether a stopped data directory will come up in recovery whatever happened to it last. The state file alone does not tell: a
    /// keeper that was killed right after a promotion left "secondary" there.
    /// </summary>
    private async Task<bool> HasStandbyOnDiskAsync(KeeperState state, CancellationToken cancellationToken) =>
        RoleRules.IsStandby(state.CurrentRole)
        && !_server.IsRunning
        && _server.DataDirectoryExists
        && (await _server.ReadControlDataAsync(cancellationToken)).State is "shut down in recovery" or "in archive recovery";
}
