using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Creation;

/// <summary>
/// Registers a node with the monitor, which is all that creating one needs beyond the ordinary loop: <see cref="NodeActiveService"/>
/// then brings it to the state that it was assigned. May be interrupted anywhere and run again: first the init file is written,
/// then the node is registered, then the state file is written; a registration without a state file is found again by its name.
/// </summary>
public sealed class KeeperCreation(
    CreationOptions options, IPostgresServer server, IMonitorClient monitor, IKeeperStateStore store, ILogger<KeeperCreation> logger, TimeProvider time)
{
    /// <summary>Registers the node where that has not been done.</summary>
    /// <exception cref="MonitorException">The monitor refuses, or cannot be reached.</exception>
    /// <exception cref="KeeperStateException">A state file exists and cannot be read.</exception>
    /// <exception cref="CreationException">What is in the data directory cannot be made a node of.</exception>
    public async Task<CreatedNode> RunAsync(CancellationToken cancellationToken)
    {
        // A creation that was interrupted by another name than the state file's was of another registration, which has not been written down.
        var interrupted = store.LoadInit();
        if (!options.IsNodeAlready && store.Load() is { } state
            && (interrupted?.RegistrationId is not { } begun || begun == state.RegistrationId)
            && await FindOwnAsync(state, cancellationToken) is { } node)
        {
            return new(state.NodeId, state.GroupId, node.Name, IsNew: false, IsInitialized: !IsBeingCreated(state));
        }

        // Nothing is done to the data directory before there is a state file: what it is now is what it was.
        var record = new InitRecord
        {
            Origin = await PgDataLook.OriginAsync(options, server, cancellationToken),
            RegistrationId = interrupted?.RegistrationId ?? options.RegistrationId,
        };
        var initial = record.Origin switch
        {
            PgDataOrigin.RunningPrimary => NodeState.Single,
            PgDataOrigin.RunningStandby => NodeState.WaitStandby,
            _ => NodeState.Init,
        };
        store.SaveInit(record);
        NodeAssignment assignment;
        try
        {
            assignment = await new Registration(options, monitor, logger, time).RunAsync(
                initial, await SystemIdentifierAsync(record, cancellationToken), record.RegistrationId, cancellationToken);
        }
        catch (MonitorException e) when (!e.IsUnreachable && interrupted is null)
        {
            // Refused: leave nothing behind. After a lost answer the record stays, for the registration may be there.
            store.DeleteInit();
            throw;
        }

        store.Save(new KeeperState
        {
            // An adopted primary is registered as what it is; its settings are still to be written. A standby has been taken at its word. The row
            // of a creation whose files were lost says how far it had come: only one that waited is told to copy.
            CurrentRole = record.Origin == PgDataOrigin.RunningStandby || assignment.Goal == NodeState.CatchingUp ? NodeState.WaitStandby : NodeState.Init,
            AssignedRole = assignment.Goal,
            NodeId = assignment.NodeId,
            RegistrationId = record.RegistrationId,
            GroupId = assignment.GroupId,
        });
        logger.Registered($"node {assignment.NodeId} \"{assignment.NodeName}\" ({HostName.WithPort(options.Host, options.Port)})",
            options.FormationId, assignment.GroupId, assignment.Goal.ToWire());
        return new(assignment.NodeId, assignment.GroupId, assignment.NodeName, IsNew: true, IsInitialized: false);
    }

    /// <summary>
    /// This node as the monitor has it; null where it does not. An id alone proves nothing: another monitor, or one that was made anew, has given it to
    /// another node, in whose name this one must never report.
    /// </summary>
    private async Task<RegisteredNode?> FindOwnAsync(KeeperState state, CancellationToken cancellationToken)
    {
        var nodes = await monitor.GetCurrentStateAsync(options.FormationId, cancellationToken);
        if (state.CurrentRole != NodeState.Dropped
            && nodes.FirstOrDefault(n => n.NodeId == state.NodeId && n.Host == options.Host && n.Port == options.Port) is { } node)
        {
            return node;
        }

        if (nodes.FirstOrDefault(n => n.NodeId == state.NodeId && n.Name == options.Name) is { } moved && state.CurrentRole != NodeState.Dropped)
        {
            throw new CreationException(
                $"Node {moved.NodeId} \"{moved.Name}\" is registered at {HostName.WithPort(moved.Host, moved.Port)}, not at {HostName.WithPort(options.Host, options.Port)}",
                "Is that this node, which has moved? \"pg_autoctl set node metadata\" tells the monitor where it is now. Is it another one, as the monitor was made anew and has given its "
                + "number and name to somebody else? \"pg_autoctl create postgres --name\" with a name of its own registers this one. Nothing was changed");
        }

        logger.RegisteringAgain();
        return null;
    }

    private async Task<long> SystemIdentifierAsync(InitRecord record, CancellationToken cancellationToken) =>
        record.Origin == PgDataOrigin.Absent || !server.DataDirectoryExists
            ? 0
            : (await server.ReadControlDataAsync(cancellationToken)).SystemIdentifier;

    private static bool IsBeingCreated(KeeperState state) => state.CurrentRole is NodeState.Init or NodeState.WaitStandby;
}
