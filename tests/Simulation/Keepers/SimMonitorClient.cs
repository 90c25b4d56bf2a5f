using System.Globalization;
using System.Text.Json;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Simulation.Monitors;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Keepers;

/// <summary>
/// The second implementation of <see cref="IMonitorClient"/>: one connection for calls, made one after the other, with the limits and the
/// one repetition that the real one has; and one that listens.
/// </summary>
internal sealed class SimMonitorClient : IMonitorClient
{
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_callLimit = TimeSpan.FromSeconds(5);

    private readonly SimMonitor _monitor;
    private readonly SimProcess _process;
    private readonly SimHost _host;
    private readonly TimeProvider _time;
    private readonly SimStateListener _listener;
    private Task _last = Task.CompletedTask;
    private MonitorSession? _session;

    public SimMonitorClient(SimMonitor monitor, SimProcess process, SimHost host, TimeProvider time)
    {
        (_monitor, _process, _host, _time) = (monitor, process, host, time);
        _listener = new SimStateListener(monitor, process, host, time);
    }

    /// <summary>The session that the keeper holds, for its death to be seen.</summary>
    public MonitorSession? Session => _session;

    public async Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken) =>
        ReadAssignment(await ServiceAsync("register_node", RequestJson.Of(registration), repeatable: false, cancellationToken));

    public async Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken) =>
        ReadAssignment(await ServiceAsync("node_active", RequestJson.Of(report), repeatable: true, cancellationToken));

    public Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken) => ReadAsync(
        t => t.Others(nodeId) ?? throw new MonitorException($"node {nodeId} is not registered") { SqlState = MonitorException.UndefinedObject }, cancellationToken);

    public Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken) => ReadAsync(
        t => t.Primary(formationId) ?? throw new MonitorException($"formation \"{formationId}\" has no writable node") { SqlState = "P0001" }, cancellationToken);

    public Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken) =>
        ReadAsync(t => t.StandbysAhead(formationId, callerId), cancellationToken);

    public async Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken) => await ReadAsync(
        t => t.Find(formationId) is { } group && group.Find(leaderId)?.Goal.CanTakeWrites() is true ? SynchronousStandbyNames.For(group) : null, cancellationToken)
        ?? throw new MonitorException($"the monitor does not want node {leaderId} to be the primary any more");

    public Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken) => ServiceAsync(
        "set_node_system_identifier",
        string.Create(CultureInfo.InvariantCulture, $"{{\"node_id\":{nodeId},\"node_sysidentifier\":{systemIdentifier}}}"), repeatable: true, cancellationToken);

    public Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken) => ServiceAsync(
        "update_node_metadata",
        string.Create(CultureInfo.InvariantCulture, $"{{\"node_id\":{nodeId},\"node_name\":\"{name}\",\"node_host\":\"{host}\",\"node_port\":{port}}}"),
        repeatable: true, cancellationToken);

    public async Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken) => (await ServiceAsync(
        "remove_node", RequestJson.Remove(nodeId, force), repeatable: false, cancellationToken)).GetBoolean();

    public Task<IReadOnlyList<RegisteredNode>> GetCurrentStateAsync(string formationId, CancellationToken cancellationToken) => ReadAsync<IReadOnlyList<RegisteredNode>>(
        t => [.. (t.Find(formationId)?.Nodes ?? []).Select(n => new RegisteredNode(n.Id, 0, n.Name, n.Host, n.Port, n.Reported, n.Goal))], cancellationToken);

    public Task<StateChange?> WaitForStateChangeAsync(string formationId, int groupId, CancellationToken cancellationToken) =>
        _listener.WaitAsync(formationId, cancellationToken);

    private static NodeAssignment ReadAssignment(JsonElement r) => new(
        r.GetProperty("assigned_node_id").GetInt64(),
        r.GetProperty("assigned_group_id").GetInt32(),
        NodeStates.TryParse(r.GetProperty("assigned_group_state").GetString(), out var goal) ? goal : NodeState.Unknown,
        r.GetProperty("assigned_candidate_priority").GetInt32(),
        r.GetProperty("assigned_replication_quorum").GetBoolean(),
        r.TryGetProperty("assigned_node_name", out var name) ? name.GetString() ?? "" : "");

    private Task<JsonElement> ServiceAsync(string function, string argumentsJson, bool repeatable, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var document = await LimitedAsync(
                new Call<JsonDocument>(_process, _host, _monitor.Host), (session, call) => _monitor.CallService(session, function, argumentsJson, call), s_callLimit);
            return document.RootElement.GetProperty("result");
        },
        repeatable, cancellationToken);

    /// <summary>A function that reads the tables: it answers while the service is down, too.</summary>
    private Task<T> ReadAsync<T>(Func<SimTables, T> read, CancellationToken cancellationToken) => InTurnAsync(
        () => LimitedAsync(
            new Call<T>(_process, _host, _monitor.Host),
            (session, call) =>
            {
                if (!session.IsOpen)
                {
                    call.Fail(SimMonitor.Unreachable("the connection was reset"));
                    return;
                }

                try
                {
                    call.Reply(read(_monitor.Tables));
                }
                catch (MonitorException e)
                {
                    call.Fail(e);
                }
            },
            s_callLimit),
        repeatable: true, cancellationToken);

    private Task<T> InTurnAsync<T>(Func<Task<T>> call, bool repeatable, CancellationToken cancellationToken)
    {
        // Its own task for who comes next: one that two wait for would continue on another thread.
        var done = new TaskCompletionSource();
        var running = RunAsync(_last, call, repeatable, done, cancellationToken);
        _last = done.Task;
        return running.WaitAsync(cancellationToken);
    }

    private async Task<T> RunAsync<T>(Task previous, Func<Task<T>> call, bool repeatable, TaskCompletionSource done, CancellationToken abandoned)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            abandoned.ThrowIfCancellationRequested();
            var wasOpen = _session is not null;
            try
            {
                return await call();
            }
            catch (MonitorException e) when (wasOpen && repeatable && e is { IsUnreachable: true, InnerException: not TimeoutException })
            {
                return await call();
            }
        }
        finally
        {
            done.SetResult();
        }
    }

    private async Task<T> LimitedAsync<T>(Call<T> call, Action<MonitorSession, Call<T>> handle, TimeSpan limit)
    {
        var session = _session ??= await ConnectAsync();
        try
        {
            return await call.Send(c => handle(session, c)).Answer.WaitAsync(limit, _time);
        }
        catch (TimeoutException e)
        {
            Leave();
            throw new MonitorException("the monitor cannot be reached: no answer in time", e);
        }
        catch (MonitorException e) when (e.IsUnreachable || e.SqlState == MonitorException.SessionIsOver)
        {
            Leave();
            throw;
        }
    }

    private async Task<MonitorSession> ConnectAsync()
    {
        MonitorSession? opened = null;
        var call = new Call<MonitorSession>(_process, _host, _monitor.Host).Send(c =>
        {
            if (_monitor.Open(_process, _host, () => Ended(opened)) is { } session)
            {
                c.Reply(opened = session);
            }
            else
            {
                c.Fail(SimMonitor.Unreachable("connection refused"));
            }
        });
        try
        {
            return await call.Answer.WaitAsync(s_connectLimit, _time);
        }
        catch (TimeoutException e)
        {
            throw new MonitorException("the monitor cannot be reached: no answer in time", e);
        }
    }

    // Seen when it is used next, as by the driver.
    private void Ended(MonitorSession? session)
    {
        if (session is not null && ReferenceEquals(session, _session))
        {
            session.IsOpen = false;
        }
    }

    private void Leave()
    {
        if (_session is { } session)
        {
            _session = null;
            _host.World.Network.Carry(_host, _monitor.Host, _monitor.Host.Kernel, _ => _monitor.ClientLeft(session), null);
        }
    }
}
