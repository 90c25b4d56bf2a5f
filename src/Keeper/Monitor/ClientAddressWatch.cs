using System.Globalization;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// Sees to it that the monitor has applications find the node where its configuration says, whoever changed the one or the other: a monitor that was
/// upgraded, or restored from a backup, hears of it without anybody's doing. Beside the keeper's loop, which has no use for it.
/// </summary>
/// <param name="wanted">What the configuration says now.</param>
public sealed class ClientAddressWatch(
    IMonitorClient monitor, long nodeId, Func<ClientAddress> wanted, ILogger<ClientAddressWatch> log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Signal _reloaded = new(time);
    private bool _hasComplained;

    /// <summary>The configuration has been read again.</summary>
    public void Reload() => _reloaded.Set();

    /// <summary>Compares until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await CompareAsync(cancellationToken);
                await _reloaded.WaitAsync(s_pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The keeper ends.
        }
    }

    /// <summary>Compares once, and tells the monitor where it says something else.</summary>
    public async Task CompareAsync(CancellationToken cancellationToken)
    {
        var client = wanted();
        try
        {
            if (await monitor.FindClientAddressAsync(nodeId, cancellationToken) is not { } told)
            {
                Complain(client);
            }
            else if (told != client)
            {
                await monitor.SetClientAddressAsync(nodeId, client, cancellationToken);
                log.ClientAddressTold(client.Host ?? "its own", client.Port?.ToString(CultureInfo.InvariantCulture) ?? "its own");
            }
        }
        catch (MonitorException)
        {
            // It is away, or does not know the node any more: the keeper's loop says so.
        }
    }

    public void Dispose() => _reloaded.Dispose();

    private void Complain(ClientAddress client)
    {
        if (!client.IsNone && !_hasComplained)
        {
            _hasComplained = true;
            log.ClientAddressHasNoEffect();
        }
    }
}
