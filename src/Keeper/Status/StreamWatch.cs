using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.Status;

/// <summary>
/// Says in our log that a standby does not stream, and why: PostgreSQL tries for ever, and tells its own log alone. The primary is asked as the walreceiver asks
/// it; where it answers us, PostgreSQL has another password, or another certificate, than we. Beside the keeper's loop, which has no use for it.
/// </summary>
/// <param name="status">What the loop knew last.</param>
public sealed class StreamWatch(
    IPostgresServer server, IMonitorClient monitor, string formationId, Func<NodeStatus?> status, ILogger<StreamWatch> log, TimeProvider time)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(10);

    private string? _told;
    private bool _wasSilent;

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_period, time, cancellationToken);
                await LookAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The keeper ends.
        }
    }

    /// <summary>Looks once. That a standby does not stream is a matter of moments when it starts, or its primary changes: the second look counts.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (status() is not { } now || !ShouldStream(now))
        {
            (_wasSilent, _told) = (false, null);
        }
        else if (now.Observation.WalReceiver is { Streaming: true })
        {
            if (_told is not null)
            {
                log.StreamsAgain();
            }

            (_wasSilent, _told) = (false, null);
        }
        else if (!_wasSilent)
        {
            _wasSilent = true;
        }
        else if (await WhyAsync(now, cancellationToken) is { } why && why != _told)
        {
            _told = why;
            log.DoesNotStream(why);
        }
    }

    private static bool ShouldStream(NodeStatus now) =>
        RoleRules.Follows(now.Role) && now.Goal == now.Role && now is { IsStopping: false, Observation: { IsReady: true, InRecovery: true } };

    private async Task<string?> WhyAsync(NodeStatus now, CancellationToken cancellationToken)
    {
        try
        {
            var primary = await monitor.GetPrimaryAsync(formationId, now.GroupId, cancellationToken);
            if (primary.NodeId == now.NodeId)
            {
                return null;
            }

            var name = $"node {primary.NodeId} \"{primary.Name}\" ({HostName.WithPort(primary.Host, primary.Port)})";
            await server.IdentifyAsync(new Upstream(primary.NodeId, primary.Name, primary.Host, primary.Port, now.NodeId), cancellationToken);
            return $"{name} lets pg_autoctl in, but PostgreSQL does not receive from it: its log says why";
        }
        catch (PostgresException exception)
        {
            return exception.Hint is { } hint ? $"{exception.Message} ({hint})" : exception.Message;
        }
        catch (MonitorException)
        {
            return null; // the keeper's loop says so
        }
#pragma warning disable CA1031 // an explanation that fails must not end the keeper
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return exception.Message;
        }
    }
}
