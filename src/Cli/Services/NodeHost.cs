using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Http;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Systemd;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper;
using PgAutoFailover.Keeper.ByHand;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// A node: its PostgreSQL and the keeper that drives it. The service <c>postgres</c> of the pidfile is the supervision of the
/// postmaster, which is the server's own; the keeper alone says whether it is to run.
/// </summary>
/// <param name="creation">How the node is to be registered; null where that has been done.</param>
/// <param name="stay">Goes on as the service; otherwise everything stops once the node is initialised.</param>
internal sealed class NodeHost(LocalNode local, CreationOptions? creation, bool stay, CommandContext context) : IAsyncDisposable
{
    private readonly LocalPostgresServer _server = new(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
    private readonly FileKeeperStateStore _store = new(local.Paths.StateFile, local.Paths.InitFile);
    private volatile NodeConfig _read = local.Config;
    private volatile int _portInForce;
    private bool _isComplete;
    private volatile NodeActiveService? _keeper;
    private volatile NodeHooks? _hooks;
    private volatile ClientAddressWatch? _client;
    private volatile MetadataWatch? _metadata;
    private volatile PagesService? _pages;
    private CancellationTokenSource? _restart;

    // What the file says; but PostgreSQL goes to another port when the monitor sends the others there, and not before.
    private NodeConfig Config => _portInForce == 0 ? _read : _read.With(ConfigKeys.Port, _portInForce);

    /// <returns>Exit code of the process.</returns>
    public Task<int> RunAsync() => new ServiceProcess(local.Paths, _server, context)
    {
        ServiceNames = ["postgres", "node-active"],
        PrepareAsync = PrepareAsync,
        Compose = () => _isComplete && !stay ? [] : [new Service("node-active", KeepAsync, EndsAll: !stay), .. Pages()],
        ReloadAsync = ReloadAsync,
        Status = () => _keeper?.Status is { } status ? StatusLine.Of(status, Config.MonitorUri is not null, context.Time) : null,
        MovesAsync = (span, _) => Task.FromResult(_keeper?.Status is { } status && Serving.Moves(status, span, context.Time)),
    }.RunAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Config.WarnOfRisks(context.Log);
        if (creation is null)
        {
            return;
        }

        var created = Config.MonitorUri is null
            ? await new UnregisteredCreation(creation, _server, _store, context.Loggers.CreateLogger<UnregisteredCreation>()).RunAsync(cancellationToken)
            : await RegisterAsync(creation, cancellationToken);
        Use(RegisteredConfig.Of(local with { Config = Config }, created));
        Config.Write(local.Paths.ConfigFile);
        _isComplete = created.IsInitialized;
        if (created is { IsInitialized: true, IsNew: false })
        {
            context.Log.NodeExists(created.NodeId, created.Name);
        }
    }

    private async Task<CreatedNode> RegisterAsync(CreationOptions options, CancellationToken cancellationToken)
    {
        await using var monitor = new NpgsqlMonitorClient(MonitorUri(), context.Time);
        var created = await new KeeperCreation(
            options, _server, monitor, _store, context.Loggers.CreateLogger<KeeperCreation>(), context.Time).RunAsync(cancellationToken);
        using var client = WatchClientAddress(monitor, created.NodeId);
        await client.CompareAsync(cancellationToken);
        return created;
    }

    private ClientAddressWatch WatchClientAddress(IMonitorClient monitor, long nodeId) =>
        new(monitor, nodeId, () => ClientAddressOf.Config(Config), context.Loggers.CreateLogger<ClientAddressWatch>(), context.Time);

    private MetadataWatch WatchMetadata(IMonitorClient monitor, long nodeId) => new(
        monitor, Config[ConfigKeys.Formation]!, nodeId, () => KeeperSettingsOf.Config(_read), TakePort, context.Loggers.CreateLogger<MetadataWatch>(), context.Time);

    private void TakePort(KeeperSettings told)
    {
        if (told.Port != Config.Number(ConfigKeys.Port))
        {
            Use(_read, told.Port);
            _keeper?.RequestReload(KeeperSettingsOf.Config(Config));
        }
    }

    private StreamWatch WatchStream(IMonitorClient monitor, NodeActiveService keeper) =>
        new(_server, monitor, Config[ConfigKeys.Formation]!, () => keeper.Status, context.Loggers.CreateLogger<StreamWatch>(), context.Time);

    private async Task<ServiceEnd> KeepAsync(CancellationToken cancellationToken)
    {
        await using var hooks = new NodeHooks(local.Paths.PgData, () => Config, context);
        _hooks = hooks;
        try
        {
            while (true)
            {
                if (await KeepWithOneMonitorAsync(hooks, cancellationToken) is { } end)
                {
                    await hooks.DrainAsync(cancellationToken);
                    return end;
                }
            }
        }
        catch (KeeperStateException exception)
        {
            context.Log.CommandFailed(exception.Message);
            context.Log.CommandHint(exception.Hint);
            return ServiceEnd.BadState;
        }
    }

    /// <summary>Null when there is another monitor now, or none any more.</summary>
    private async Task<ServiceEnd?> KeepWithOneMonitorAsync(NodeHooks hooks, CancellationToken cancellationToken)
    {
        var hasMonitor = AttachOrDetach();
        await using var client = hasMonitor ? new NpgsqlMonitorClient(MonitorUri(), context.Time) : null;
        var detached = new DetachedStateStore(_store);
        using var hand = hasMonitor ? null : new NoMonitor(detached, new NodesFile(local.Paths.NodesFile), new GoalRequest(local.Paths.GoalFile), TakesWritesAsync, context.Time);
        using var restart = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var keeper = new NodeActiveService(
            KeeperOptions(hasMonitor),
            _server,
            client ?? (IMonitorClient)hand!, // one of them is there
            hasMonitor ? _store : detached,
            context.Loggers.CreateLogger<NodeActiveService>(),
            context.Time)
        {
            RoleChanged = hooks.Tell,
        };
        (_keeper, _restart) = (keeper, restart);
        var own = client is not null && stay ? _store.Load() : null;
        using var address = own is null ? null : WatchClientAddress(client!, own.NodeId); // there is one where the state was read
        using var metadata = own is null ? null : WatchMetadata(client!, own.NodeId);
        (_client, _metadata) = (address, metadata);
        var telling = Task.WhenAll(address?.RunAsync(restart.Token) ?? Task.CompletedTask, metadata?.RunAsync(restart.Token) ?? Task.CompletedTask);
        var watching = client is not null && stay ? WatchStream(client, keeper).RunAsync(restart.Token) : Task.CompletedTask;
        var succession = client is not null && stay ? WatchVersionAsync(client, keeper, restart) : Task.FromResult(false);
        try
        {
            switch (await hooks.RunBesideAsync(keeper.RunAsync, keeper, client ?? (IMonitorClient)hand!, hasMonitor ? MonitorUri() : null, restart.Token)) // as above
            {
                case KeeperOutcome.Dropped:
                    return ServiceEnd.StopAll;
                case KeeperOutcome.Unknown:
                    return ServiceEnd.Fatal;
                case KeeperOutcome.Initialized:
                    context.Log.NodeIsInitialized();
                    return ServiceEnd.Done;
                default:
                    return cancellationToken.IsCancellationRequested ? ServiceEnd.Done : await NextAsync();
            }
        }
        catch (OperationCanceledException) when (restart.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return await NextAsync();
        }
        finally
        {
            (_keeper, _restart, _client, _metadata) = (null, null, null, null);
            await restart.CancelAsync();
            await succession;
            await telling;
            await watching;
        }

        async Task<ServiceEnd?> NextAsync() => await succession ? ServiceEnd.Succeeded : null;
    }

    /// <summary>True when another version of the program is to go on: then the keeper is ended, at a moment when nothing has to be begun anew for that.</summary>
    private async Task<bool> WatchVersionAsync(NpgsqlMonitorClient monitor, NodeActiveService keeper, CancellationTokenSource restart)
    {
        try
        {
            await new VersionWatch(monitor, context).RunAsync(() => keeper.Status is { IsStopping: false } status && status.Role == status.Goal, restart.Token);
            await restart.CancelAsync();
            return true;
        }
        catch (OperationCanceledException) when (restart.IsCancellationRequested)
        {
            return false;
        }
    }

    private IEnumerable<Service> Pages() => stay ? [new Service("http", ServePagesAsync, IsQuiet: true)] : [];

    private async Task<ServiceEnd> ServePagesAsync(CancellationToken cancellationToken)
    {
        using var pages = new NodePages(() => _keeper?.Status, context.Time);
        _pages = new PagesService(Config, (request, _) => Task.FromResult(pages.Answer(request)), context.Log, context.Time);
        _pages.Reload(Config); // it may have changed in between
        await _pages.RunAsync(cancellationToken);
        return ServiceEnd.Done;
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var (before, password) = (Config.MonitorUri, Config[ConfigKeys.ReplicationPassword]);
        var read = LocalNode.Load(local.Paths.PgData, context).Config;
        read.WarnOfRisks(context.Log);
        Use(read, _metadata is not null && read.MonitorUri == before ? Config.Number(ConfigKeys.Port) : 0);
        _pages?.Reload(Config);
        if (Config.MonitorUri != before && _restart is { } restart)
        {
            await restart.CancelAsync();
        }
        else
        {
            _keeper?.RequestReload(KeeperSettingsOf.Config(Config));
            _hooks?.Reload();
            _client?.Reload();
            _metadata?.Reload();
        }

        if (Config[ConfigKeys.ReplicationPassword] != password)
        {
            await _server.SetReplicationPasswordAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Whether there is a monitor to speak to. That it was let go of goes to disk first: from then on another node may take this one's place,
    /// and its id on whatever monitor comes next may be anybody's, so only a new registration ends it.
    /// </summary>
    private bool AttachOrDetach()
    {
        var state = _store.Load();
        if (Config.MonitorUri is not null)
        {
            if (state is not { IsDetached: true })
            {
                return true;
            }

            context.Log.NotRegisteredHere();
        }
        else if (state is { IsDetached: false })
        {
            // Of what the monitor wanted last nothing remains, nor of what a hand wanted before it.
            new GoalRequest(local.Paths.GoalFile).Clear();
            new NodesFile(local.Paths.NodesFile).Delete();
            _store.Save(state with { IsDetached = true, AssignedRole = state.CurrentRole });
        }

        context.Log.MonitorIsDisabled();
        return false;
    }

    // One that does not answer may be lost: then this node goes on as what it is.
    private async Task<bool> TakesWritesAsync(NodeAddress node, CancellationToken cancellationToken)
    {
        try
        {
            return await _server.TakesWritesAsync(
                new Upstream(node.NodeId, node.Name, node.Host, node.Port, OwnNodeId: 0), cancellationToken);
        }
        catch (PostgresException exception)
        {
            context.Log.CannotAsk(node.NodeId, node.Name, exception.Message);
            return false;
        }
    }

    /// <param name="config">As it was read.</param>
    /// <param name="portInForce">0: its own.</param>
    private void Use(NodeConfig config, int portInForce = 0)
    {
        (_read, _portInForce) = (config, portInForce);
        _server.Options = PostgresOptionsOf.Node(local with { Config = Config }, context);
    }

    private KeeperOptions KeeperOptions(bool hasMonitor) => new()
    {
        FormationId = Config[ConfigKeys.Formation]!,
        PgData = local.Paths.PgData,
        ProgramVersion = ProgramVersion.Text,
        Settings = KeeperSettingsOf.Config(Config),
        MonitorHosts = hasMonitor ? MonitorUri().HostNames : [],
        HasNoMonitor = !hasMonitor,
        StopWhenInitialized = !stay,
    };

    private ConnectionUri MonitorUri() => ConnectionUri.Parse(Config.MonitorUri ?? throw new CommandFailure(
        ExitCode.BadConfiguration, $"The configuration of \"{local.Paths.PgData}\" names no monitor"));
}
