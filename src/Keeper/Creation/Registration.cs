using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;

namespace PgAutoFailover.Keeper.Creation;

/// <summary>
/// <c>register_node</c>, with the patience that it needs: a standby has to wait until its group has a primary, and an answer may be lost, so that
/// the same registration is sent again.
/// </summary>
internal sealed class Registration(CreationOptions options, IMonitorClient monitor, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <param name="initial">What the node says it is.</param>
    /// <param name="systemIdentifier">0 when it has no data directory.</param>
    /// <param name="registrationId">By which the monitor recognises the registration when it is sent again, as its answer was lost.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<NodeAssignment> RunAsync(NodeState initial, long systemIdentifier, string registrationId, CancellationToken cancellationToken)
    {
        var request = new NodeRegistration(
            options.FormationId, options.Host, options.Port, options.DbName, options.Name, systemIdentifier, options.DesiredNodeId,
            options.DesiredGroupId, initial, options.NodeKind, options.CandidatePriority, options.ReplicationQuorum, options.Cluster)
        {
            RegistrationId = registrationId,
        };
        var begun = time.GetTimestamp();
        var hasSaidSo = false;
        while (true)
        {
            MonitorException refusal;
            try
            {
                return await monitor.RegisterAsync(request, cancellationToken);
            }
            catch (MonitorException e) when ((e.SqlState == MonitorException.ObjectInUse || e.IsUnreachable)
                && time.GetElapsedTime(begun) < options.RegistrationTimeout)
            {
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
}
