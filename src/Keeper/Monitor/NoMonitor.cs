using PgAutoFailover.Core.Messages;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// What a keeper speaks to while its monitor is disabled: every state that it reports is the one that it is to be in, so that it keeps
/// PostgreSQL running as what it is. Whatever needs to know of other nodes is refused.
/// </summary>
public sealed class NoMonitor(TimeProvider time) : IMonitorClient
{
    public Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken) => Task.FromResult(
        new NodeAssignment(report.NodeId, report.GroupId, report.CurrentState, CandidatePriority: 0, ReplicationQuorum: false, NodeName: ""));

    public async Task<StateChange?> WaitForStateChangeAsync(string formationId, int groupId, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        return null;
    }

    public Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken) => RefuseAsync<NodeAssignment>();

    public Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken) => RefuseAsync<IReadOnlyList<NodeAddress>>();

    public Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken) => RefuseAsync<NodeAddress>();

    public Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken) =>
        RefuseAsync<IReadOnlyList<NodeAddress>>();

    public Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken) =>
        RefuseAsync<string>();

    public Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken) => RefuseAsync<bool>();

    public Task<IReadOnlyList<RegisteredNode>> GetCurrentStateAsync(string formationId, CancellationToken cancellationToken) =>
        RefuseAsync<IReadOnlyList<RegisteredNode>>();

    private static Task<T> RefuseAsync<T>() => Task.FromException<T>(new MonitorException("this node is run without a monitor"));
}
