using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// The monitor as a keeper sees it: the functions of monitor-api.md that it calls, and the notifications that wake it. Calls may
/// be made at the same time by several tasks; they are carried out one after the other. The simulator has a second implementation,
/// whose network can fail.
/// </summary>
/// <remarks>Every method throws <see cref="MonitorException"/> when the monitor refuses or cannot be reached.</remarks>
public interface IMonitorClient
{
    /// <summary>False where there is no monitor and no operator has said which other nodes there are: an unknown list is not an empty one.</summary>
    bool KnowsNodes => true;

    Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken);

    Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken);

    /// <summary>The live nodes of the group, except <paramref name="nodeId"/>.</summary>
    Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken);

    /// <summary>The group's primary.</summary>
    Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken);

    /// <summary>
    /// The nodes that have reported a position beyond the caller's for an election: those last whose health checks fail, otherwise the one that has
    /// got furthest first.
    /// </summary>
    Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken);

    /// <summary>
    /// The value of <c>synchronous_standby_names</c> for a node that leads its group. Fails for one that the monitor does not want to lead
    /// any more: for want of a leader the value would be empty, and setting that would acknowledge writes that nobody else holds.
    /// </summary>
    Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken);

    Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken);

    Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken);

    Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken);

    /// <summary>All nodes of a formation with their states.</summary>
    Task<IReadOnlyList<RegisteredNode>> GetCurrentStateAsync(string formationId, CancellationToken cancellationToken);

    /// <summary>Where applications find a node; null where nobody keeps that: without a monitor, and with one of an earlier version.</summary>
    Task<ClientAddress?> FindClientAddressAsync(long nodeId, CancellationToken cancellationToken) => Task.FromResult<ClientAddress?>(null);

    /// <summary>Changes that; only for a monitor that keeps it.</summary>
    Task SetClientAddressAsync(long nodeId, ClientAddress client, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Waits for the next state change in a group. Null means that the connection was made anew and changes may have been missed.
    /// To be called by one task at a time.
    /// </summary>
    Task<StateChange?> WaitForStateChangeAsync(string formationId, int groupId, CancellationToken cancellationToken);
}

/// <summary>A row of <c>pgautofailover.current_state</c>.</summary>
public sealed record RegisteredNode(long NodeId, int GroupId, string Name, string Host, int Port, NodeState Reported, NodeState Goal);
