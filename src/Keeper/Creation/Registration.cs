using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;

namespace PgAutoFailover.Keeper.Creation;

/// <summary>
/// <c>register_node</c>, with the patience that it needs: a standby has to wait until its group has a primary, and an answer that was
/// lost leaves a registration that has to be found again.
/// </summary>
internal sealed class Registration(CreationOptions options, IMonitorClient monitor, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <param name="initial">What the node says it is.</param>
    /// <param name="systemIdentifier">0 when it has no data directory.</param>
    /// <param name="mayBeOurs">A creation of this node was interrupted before: a registration that is found may be its.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<NodeAssignment> RunAsync(NodeState initial, long systemIdentifier, bool mayBeOurs, CancellationToken cancellationToken)
    {
        var request = new NodeRegistration(
            options.FormationId, options.Host, options.Port, options.DbName, options.Name, systemIdentifier, options.DesiredNodeId,
            options.DesiredGroupId, initial, options.NodeKind, options.CandidatePriority, options.ReplicationQuorum, options.Cluster);
        var begun = time.GetTimestamp();
        var hasSaidSo = false;
        while (true)
        {
            MonitorException refusal;
            try
            {
                return await monitor.RegisterAsync(request, cancellationToken);
            }
            catch (MonitorException e) when (e.SqlState == MonitorException.UniqueViolation)
            {
                return await TakeUpAsync(mayBeOurs, e, cancellationToken);
            }
            catch (MonitorException e) when ((e.SqlState == MonitorException.ObjectInUse || e.IsUnreachable)
                && time.GetElapsedTime(begun) < options.RegistrationTimeout)
            {
                // Without an answer the registration may have happened all the same.
                mayBeOurs |= e.IsUnreachable;
                refusal = e;
            }

            if (!hasSaidSo)
            {
                hasSaidSo = true;
                log.RegistrationWaits(refusal.Message, options.RegistrationTimeout.TotalSeconds);
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    /// <summary>
    /// The row that is in the way is this node's own when it has the same address and name and never got anywhere: the creation that
    /// made it was interrupted before it could write that down.
    /// </summary>
    private async Task<NodeAssignment> TakeUpAsync(bool mayBeOurs, MonitorException refusal, CancellationToken cancellationToken)
    {
        var nodes = await monitor.GetCurrentStateAsync(options.FormationId, cancellationToken);
        var own = nodes.FirstOrDefault(n => n.Host == options.Host && n.Port == options.Port);
        var isOurs = own is not null
            && (options.Name.Length == 0 || own.Name == options.Name)
            && (own.Reported is NodeState.Init or NodeState.WaitStandby || (mayBeOurs && own is { Reported: NodeState.Single, Goal: NodeState.Single }));
        if (!isOurs || own is null)
        {
            var inTheWay = own ?? nodes.FirstOrDefault(n => n.Name == options.Name);
            throw new MonitorException(refusal.Message, refusal)
            {
                SqlState = refusal.SqlState,
                Detail = inTheWay is null
                    ? refusal.Detail
                    : $"The monitor has node {inTheWay.NodeId} \"{inTheWay.Name}\" ({HostName.WithPort(inTheWay.Host, inTheWay.Port)}) in state \"{inTheWay.Reported.ToWire()}\"",
                Hint = "Drop that node first (\"pg_autoctl drop node\"), or choose another name, host or port",
            };
        }

        log.RegistrationTakenUp($"node {own.NodeId} \"{own.Name}\" ({HostName.WithPort(own.Host, own.Port)})");
        return new NodeAssignment(own.NodeId, own.GroupId, own.Goal, options.CandidatePriority, options.ReplicationQuorum, own.Name);
    }
}
