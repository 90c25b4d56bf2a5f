using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// Tells the monitor the name, host and port that the configuration gives the node, when the keeper begins and when the configuration was read again:
/// at once, or as soon as the monitor is there and takes them. In between it does not look: what an operator has said on the monitor stays.
/// </summary>
/// <param name="wanted">What the configuration says now.</param>
/// <param name="told">Called when the monitor knows it: only then may PostgreSQL go where others are sent.</param>
public sealed class MetadataWatch(
    IMonitorClient monitor, string formationId, long nodeId, Func<KeeperSettings> wanted, Action<KeeperSettings> told, ILogger<MetadataWatch> log, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Signal _reloaded = new(time);
    private volatile bool _isDue = true;
    private string? _lastProblem;

    /// <summary>The configuration has been read again.</summary>
    public void Reload()
    {
        _isDue = true;
        _reloaded.Set();
    }

    /// <summary>Tells until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (_isDue)
                {
                    _isDue = false;
                    if (!await TellAsync(cancellationToken))
                    {
                        _isDue = true;
                    }
                }

                await _reloaded.WaitAsync(s_pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The keeper ends.
        }
    }

    private async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        var settings = wanted();
        try
        {
            var nodes = await monitor.GetCurrentStateAsync(formationId, cancellationToken);
            if (nodes.FirstOrDefault(n => n.NodeId == nodeId) is { } known && Differs(known, settings))
            {
                await monitor.UpdateNodeMetadataAsync(nodeId, settings.Name.Length > 0 ? settings.Name : known.Name, settings.Host, settings.Port, cancellationToken);
                log.MetadataTold(settings.Name, HostName.WithPort(settings.Host, settings.Port));
            }

            _lastProblem = null;
            told(settings);
            return true;
        }
        catch (MonitorException e)
        {
            Complain(e, settings);
            return false;
        }
    }

    private static bool Differs(RegisteredNode known, KeeperSettings settings) =>
        (settings.Name.Length > 0 && known.Name != settings.Name) || (known.Host, known.Port) != (settings.Host, settings.Port);

    // That the monitor is away, the keeper's loop says.
    private void Complain(MonitorException refusal, KeeperSettings settings)
    {
        if (!refusal.IsUnreachable && refusal.Message != _lastProblem)
        {
            _lastProblem = refusal.Message;
            log.MetadataRefused(settings.Name, HostName.WithPort(settings.Host, settings.Port), refusal.Detail is { } detail ? $"{refusal.Message} ({detail})" : refusal.Message);
        }
    }

    public void Dispose() => _reloaded.Dispose();
}
