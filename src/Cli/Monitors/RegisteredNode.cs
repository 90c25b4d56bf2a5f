using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The local node as its monitor knows it, and an operation on it that is followed to its end.</summary>
internal sealed class RegisteredNode : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly MonitorTarget _target;
    private readonly string _formation;
    private readonly MonitorConnection _monitor;
    private readonly CommandContext _context;

    private RegisteredNode(MonitorTarget target, string formation, MonitorConnection monitor, NodeRow row, CommandContext context)
    {
        _target = target;
        _formation = formation;
        _monitor = monitor;
        _context = context;
        Row = row;
    }

    /// <summary>States and settings when the command began.</summary>
    public NodeRow Row { get; }

    /// <summary>The session in which operations are called, until the connection is lost.</summary>
    public MonitorConnection Monitor => _monitor;

    /// <exception cref="CommandFailure">The data directory is not a node's, or the monitor does not know it.</exception>
    public static async Task<RegisteredNode> ConnectAsync(string? pgdata, CommandContext context, CancellationToken cancellationToken)
    {
        var local = LocalNode.Load(pgdata, context);
        if (local.Config is not { IsMonitor: false, MonitorUri: { } uri })
        {
            throw new CommandFailure(
                ExitCode.BadConfiguration,
                local.Config.IsMonitor
                    ? $"\"{local.Paths.PgData}\" is a monitor; this command is for a node"
                    : $"The node at \"{local.Paths.PgData}\" is run without a monitor");
        }

        var target = new MonitorTarget(uri, local);
        var formation = target.Formation(option: null);
        var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
        var nodes = await CurrentState.ReadAsync(monitor, formation, group: null, cancellationToken);
        if (Find(nodes, local.Config) is { } row)
        {
            return new RegisteredNode(target, formation, monitor, row, context);
        }

        await monitor.DisposeAsync();
        throw new CommandFailure(
            ExitCode.Monitor, $"The monitor has no node \"{local.Config[ConfigKeys.Name] ?? local.Config[ConfigKeys.HostName]}\" in formation \"{formation}\"");
    }

    /// <summary>The node of a configuration among those of its formation: by name, else by address.</summary>
    public static NodeRow? Find(IReadOnlyList<NodeRow> nodes, NodeConfig config) =>
        nodes.FirstOrDefault(n => n.Name == config[ConfigKeys.Name]) ?? FindByAddress(nodes, config);

    /// <summary>
    /// The same where it is to be removed: by address. A monitor that was made anew may have another node of that name, for names are often chosen by the
    /// monitor and count from 1.
    /// </summary>
    public static NodeRow? FindByAddress(IReadOnlyList<NodeRow> nodes, NodeConfig config) =>
        nodes.FirstOrDefault(n => n.Host == config[ConfigKeys.HostName] && n.Port == config.Number(ConfigKeys.Port));

    /// <summary>
    /// Calls an operation with this node's id, again while the group is on its way to a state that allows it, and prints
    /// changes until this node's is the one waited for.
    /// </summary>
    /// <param name="sql">The call, with the node's id as its argument.</param>
    /// <param name="seconds">How long to go on.</param>
    /// <param name="wanted">The state that is waited for, in words.</param>
    /// <param name="isEnd">Whether a change is the one that is waited for.</param>
    /// <param name="require">Throws where the node, as it is now, is not to be called for again. It has changed while the call was refused.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CallAndFollowAsync(
        string sql, int seconds, string wanted, Func<StateNotification, bool> isEnd, Action<NodeRow> require, CancellationToken cancellationToken)
    {
        await using var follower = await StateFollower.StartAsync(_target, _formation, Row.GroupId, _monitor, _context, cancellationToken);
        var limit = TimeSpan.FromSeconds(seconds);
        await CallAsync(follower, sql, limit, require, cancellationToken);
        if (await follower.FollowAsync(change => change.NodeId == Row.NodeId && isEnd(change), limit, cancellationToken) is null)
        {
            var last = follower.States[Row.NodeId];
            throw new CommandFailure(
                ExitCode.Internal,
                $"Node \"{Row.Name}\" did not become {wanted} within {seconds} s: it reports {last.Reported.ToWire()} and is assigned {last.Goal.ToWire()}",
                "The monitor goes on with it; follow it with \"pg_autoctl show state\"");
        }
    }

    /// <summary>Changes what others know this node by; null leaves a value as it is.</summary>
    public Task UpdateMetadataAsync(string? name, string? host, int? port, CancellationToken cancellationToken) => _monitor.ScalarAsync<bool>(
        "select pgautofailover.update_node_metadata($1, $2, $3, $4)",
        cancellationToken,
        Row.NodeId,
        name ?? Row.Name,
        host ?? Row.Host,
        port ?? Row.Port);

    /// <summary>Refuses what a monitor of an earlier version could not keep.</summary>
    /// <exception cref="CommandFailure">It is one.</exception>
    public async Task RequireClientAddressesAsync(CancellationToken cancellationToken)
    {
        if (!await _monitor.ScalarAsync<bool>("select to_regclass('pgautofailover.client_address') is not null", cancellationToken))
        {
            throw new CommandFailure(
                ExitCode.Monitor,
                "The monitor runs a version that keeps no address for applications; nothing was changed",
                "Install this version on the monitor, and restart its service");
        }
    }

    /// <summary>Changes where applications find this node.</summary>
    public Task SetClientAddressAsync(ClientAddress client, CancellationToken cancellationToken) => _monitor.ScalarAsync<bool>(
        "select pgautofailover.set_client_address($1, nullif($2, ''), nullif($3, 0))", cancellationToken, Row.NodeId, client.Host ?? "", client.Port ?? 0);

    public ValueTask DisposeAsync() => _monitor.DisposeAsync();

    // A group that is on its way somewhere may come to a state in which the call is fine; one at rest stays as it is.
    private static bool IsAtRest(List<NodeRow> nodes) => nodes.TrueForAll(n => n.Reported == n.Goal);

    private Task<List<NodeRow>> ReadGroupAsync(MonitorConnection monitor, CancellationToken cancellationToken) =>
        CurrentState.ReadAsync(monitor, _formation, Row.GroupId, cancellationToken);

    private async Task CallAsync(StateFollower follower, string sql, TimeSpan limit, Action<NodeRow> require, CancellationToken cancellationToken)
    {
        var started = _context.Time.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                if (await follower.Monitor.ScalarAsync<bool>(sql, cancellationToken, Row.NodeId))
                {
                    return;
                }

                throw new CommandFailure(ExitCode.Monitor, $"The monitor does not know node {Row.NodeId} any more");
            }
            catch (MonitorRefusal refusal) when (refusal.SqlState == MonitorRefusal.ObjectNotInPrerequisiteState
                && _context.Time.GetElapsedTime(started) < limit)
            {
                if (IsAtRest(await ReadGroupAsync(follower.Monitor, cancellationToken)))
                {
                    throw;
                }

                if (!told)
                {
                    _context.Log.RefusedForNow(refusal.Message);
                    told = true;
                }

                await Task.Delay(s_pause, _context.Time, cancellationToken);
                if ((await ReadGroupAsync(follower.Monitor, cancellationToken)).Find(n => n.NodeId == Row.NodeId) is { } now)
                {
                    require(now);
                }
            }
        }
    }
}
