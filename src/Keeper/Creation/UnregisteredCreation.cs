using System.Globalization;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Creation;

/// <summary>
/// Makes a node without a monitor: the state file says who it is, and that it is nothing yet. Nothing is done to the data directory before an
/// operator assigns a state. May be interrupted anywhere and run again.
/// </summary>
/// <param name="options">The id of the node is the operator's choice.</param>
public sealed class UnregisteredCreation(CreationOptions options, IPostgresServer server, IKeeperStateStore store, ILogger<UnregisteredCreation> logger)
{
    /// <exception cref="KeeperStateException">A state file exists and cannot be read.</exception>
    /// <exception cref="CreationException">It is another node already, or what is in the data directory cannot be made a node of.</exception>
    public async Task<CreatedNode> RunAsync(CancellationToken cancellationToken)
    {
        if (store.Load() is { CurrentRole: not NodeState.Dropped } state)
        {
            return state.NodeId == options.DesiredNodeId
                ? new(state.NodeId, state.GroupId, NameOf(state.NodeId), IsNew: false, IsInitialized: true)
                : throw new CreationException(
                    $"\"{options.PgData}\" is node {state.NodeId} already, in state {state.CurrentRole.ToWire()}",
                    "An id is for good: other nodes have slots and rules for it. \"pg_autoctl drop node --destroy\" removes the node");
        }

        store.SaveInit(new InitRecord { Origin = await PgDataLook.OriginAsync(options, server, cancellationToken) });
        store.Save(new KeeperState
        {
            CurrentRole = NodeState.Init,
            AssignedRole = NodeState.Init,
            NodeId = options.DesiredNodeId,
            GroupId = 0,
            IsDetached = true,
        });
        logger.MadeWithoutMonitor(options.DesiredNodeId, NameOf(options.DesiredNodeId), HostName.WithPort(options.Host, options.Port));
        return new(options.DesiredNodeId, GroupId: 0, NameOf(options.DesiredNodeId), IsNew: true, IsInitialized: true);
    }

    // As a monitor names those that have none.
    private string NameOf(long nodeId) => options.Name.Length > 0 ? options.Name : string.Create(CultureInfo.InvariantCulture, $"node_{nodeId}");
}
