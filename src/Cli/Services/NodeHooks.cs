using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Keeper;
using PgAutoFailover.Keeper.Hooks;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Cli.Services;

/// <summary>The hooks of a node, beside its keeper: one life for each life of the service <c>node-active</c>.</summary>
/// <param name="config">As it was read last.</param>
internal sealed class NodeHooks(string pgData, Func<NodeConfig> config, CommandContext context) : IAsyncDisposable
{
    private AfterChangeHook? _after;
    private volatile BeforeChangeHook? _before;
    private volatile IMonitorClient? _monitor;

    /// <summary>Has the keeper's changes of state told to the one, and the monitor's questions answered by the other, as long as <paramref name="run"/> goes on.</summary>
    /// <param name="uri">Null without a monitor, which could ask.</param>
    public async Task<KeeperOutcome> RunBesideAsync(
        Func<CancellationToken, Task<KeeperOutcome>> run, NodeActiveService keeper, IMonitorClient monitor, ConnectionUri? uri, CancellationToken cancellationToken)
    {
        _monitor = monitor;
        using var before = uri is null ? null : new BeforeChangeHook(
            uri,
            () => keeper.Status is { } status ? Place(status.NodeId, status.GroupId) : null,
            HookSettingsOf.Config(config()),
            context.Loggers.CreateLogger<BeforeChangeHook>(),
            context.Time);
        _before = before;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answering = before?.RunAsync(ending.Token) ?? Task.CompletedTask;
        try
        {
            return await run(cancellationToken);
        }
        finally
        {
            (_before, _monitor) = (null, null);
            await ending.CancelAsync();
            await answering;
        }
    }

    /// <summary>The node has reached another state.</summary>
    public void Tell(RoleChange change) => After.Tell(change);

    /// <summary>The configuration has been read again.</summary>
    public void Reload() => _before?.Use(HookSettingsOf.Config(config()));

    /// <summary>Waits a while for the hooks of the changes that were told.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => After.DrainAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_after is { } after)
        {
            await after.DisposeAsync();
        }
    }

    private AfterChangeHook After => _after ??= new AfterChangeHook(
        () => HookSettingsOf.Config(config()),
        change => Place(change.NodeId, change.GroupId),
        FindPrimaryAsync,
        context.Loggers.CreateLogger<AfterChangeHook>(),
        context.Time);

    private HookPlace Place(long nodeId, int groupId)
    {
        var now = config();
        var client = ClientAddressOf.Config(now);
        return new HookPlace(
            now[ConfigKeys.Formation]!, // has a default
            groupId,
            new HookNode(nodeId, now[ConfigKeys.Name] ?? "", now[ConfigKeys.HostName]!, now.Number(ConfigKeys.Port), client.Host, client.Port), // is required
            pgData);
    }

    private async Task<HookNode?> FindPrimaryAsync(HookPlace place, CancellationToken cancellationToken)
    {
        if (_monitor is not { } monitor)
        {
            return null;
        }

        var primary = await monitor.GetPrimaryAsync(place.FormationId, place.GroupId, cancellationToken);
        var client = await monitor.FindClientAddressAsync(primary.NodeId, cancellationToken);
        return new(primary.NodeId, primary.Name, primary.Host, primary.Port, client?.Host, client?.Port);
    }
}
