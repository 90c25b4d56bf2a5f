using System.Collections.Concurrent;
using System.Threading.Channels;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;

namespace PgAutoFailover.Keeper.Tests.Fakes;

/// <summary>A monitor that assigns what a test wants, and can be unreachable, hang, or not know the node.</summary>
internal sealed class FakeMonitor : IMonitorClient
{
    private readonly Channel<StateChange?> _changes = Channel.CreateUnbounded<StateChange?>();
    private volatile TaskCompletionSource? _gate;

    public ConcurrentQueue<NodeReport> Reports { get; } = new();

    public NodeState Goal { get; set; }

    public string Sync { get; set; } = "ANY 1 (pgautofailover_standby_2)";

    /// <summary>What every call throws; null while the monitor is well.</summary>
    public MonitorException? Failure { get; set; }

    /// <summary>What a registration throws, one after the other, before it succeeds.</summary>
    public ConcurrentQueue<MonitorException> Refusals { get; } = new();

    public List<NodeAddress> Others { get; } = [new(2, "node2", "localhost", 5502, new Lsn(0x3000060), true)];

    public List<RegisteredNode> Registered { get; } = [];

    public List<NodeRegistration> Registrations { get; } = [];

    /// <summary>Where applications are told to find the node; null for a monitor that keeps no such thing.</summary>
    public ClientAddress? Client { get; set; } = default(ClientAddress);

    /// <summary>What was told of that.</summary>
    public ConcurrentQueue<ClientAddress> ClientsTold { get; } = new();

    /// <summary>What was told of names and addresses.</summary>
    public ConcurrentQueue<(string Name, string Host, int Port)> MetadataTold { get; } = new();

    /// <summary>What an update of those throws; null while they are taken.</summary>
    public MonitorException? MetadataRefusal { get; set; }

    public NodeReport? LastReport => Reports.LastOrDefault();

    public static MonitorException Unreachable() => new("the monitor cannot be reached");

    /// <summary>Calls of node_active hang from now on.</summary>
    public void Hang() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Assign(NodeState goal)
    {
        Goal = goal;
        Notify(1, goal);
    }

    public void Notify(long nodeId, NodeState goal) =>
        _changes.Writer.TryWrite(new StateChange("default", 0, nodeId, $"node{nodeId}", "localhost", 5500 + (int)nodeId, goal, goal, "good"));

    public async Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken)
    {
        if (_gate is { } gate)
        {
            // Hangs as a call over a cut network does: whoever waits for it gives up first.
            await gate.Task;
        }

        Check();
        Reports.Enqueue(report);
        return new(report.NodeId, report.GroupId, Goal, 50, ReplicationQuorum: true, "node1");
    }

    public Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken)
    {
        Check();
        if (Refusals.TryDequeue(out var refusal))
        {
            throw refusal;
        }

        Registrations.Add(registration);
        Registered.Add(new(1, 0, registration.NodeName, registration.Host, registration.Port, registration.InitialState, Goal));
        return Task.FromResult(new NodeAssignment(1, 0, Goal, registration.CandidatePriority, registration.ReplicationQuorum, registration.NodeName));
    }

    public Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken) => AnswerAsync<IReadOnlyList<NodeAddress>>(() => Others);

    public Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken) => AnswerAsync(() => Others[0]);

    public Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<NodeAddress>>(() => [.. Others]);

    public Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken) => AnswerAsync(() => Sync);

    public Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken) => AnswerAsync(() => true);

    public Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken) => AnswerAsync(() =>
    {
        if (MetadataRefusal is { } refusal)
        {
            throw refusal;
        }

        MetadataTold.Enqueue((name, host, port));
        Registered[Registered.FindIndex(n => n.NodeId == nodeId)] = Registered.First(n => n.NodeId == nodeId) with { Name = name, Host = host, Port = port };
        return true;
    });

    public Task<ClientAddress?> FindClientAddressAsync(long nodeId, CancellationToken cancellationToken) => AnswerAsync(() => Client);

    public Task SetClientAddressAsync(long nodeId, ClientAddress client, CancellationToken cancellationToken) => AnswerAsync(() =>
    {
        Client = client;
        ClientsTold.Enqueue(client);
        return true;
    });

    public Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken) => AnswerAsync(() => true);

    public Task<IReadOnlyList<RegisteredNode>> GetCurrentStateAsync(string formationId, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<RegisteredNode>>(() => Registered);

    public async Task<StateChange?> WaitForStateChangeAsync(string formationId, int groupId, CancellationToken cancellationToken) =>
        await _changes.Reader.ReadAsync(cancellationToken);

    private Task<T> AnswerAsync<T>(Func<T> value)
    {
        Check();
        return Task.FromResult(value());
    }

    private void Check()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
