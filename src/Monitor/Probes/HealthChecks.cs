using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Settings;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>Keeps one probe running for each node of all groups (monitor-api.md section 9). None waits for another.</summary>
internal sealed class HealthChecks(GroupRegistry groups, MonitorClock clock, SettingsSource settings, OpenProbe open, ILogger logger)
{
    private readonly Signal _changed = new();
    private readonly Dictionary<(long NodeId, string Host, int Port), (NodeProbe Probe, CancellationTokenSource Stop, Task Run)> _probes = [];
    private readonly Dictionary<long, ProbeTarget> _targets = [];

    /// <summary>A group's view has changed: probes follow where it concerns them. Does not block.</summary>
    public void Follow(GroupView before, GroupView after)
    {
        if (!before.Nodes.Select(ProbeTarget.Of).SequenceEqual(after.Nodes.Select(ProbeTarget.Of)))
        {
            _changed.Set();
        }
    }

    /// <summary>Probes until cancelled, or until a probe breaks for a reason that is not the network's.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _changed.Set();
            while (true)
            {
                var changed = _changed.WaitAsync(cancellationToken);
                await Task.WhenAny([changed, .. _probes.Values.Select(p => p.Run)]);
                if (!changed.IsCompleted)
                {
                    await await Task.WhenAny(_probes.Values.Select(p => p.Run));
                }

                await changed;
                await ReconcileAsync(cancellationToken);
            }
        }
        finally
        {
            foreach (var key in _probes.Keys.ToList())
            {
                await StopAsync(key);
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var wanted = groups.All.SelectMany(g => g.View.Nodes).OrderBy(n => n.Id).Select(ProbeTarget.Of).ToDictionary(t => (t.NodeId, t.Host, t.Port));
        foreach (var key in _probes.Keys.Where(k => !wanted.ContainsKey(k)).ToList())
        {
            await StopAsync(key);
        }

        foreach (var (key, target) in wanted)
        {
            if (!_probes.TryGetValue(key, out var running))
            {
                _targets[target.NodeId] = target;
                Start(target, cancellationToken);
            }
            else if (_targets[target.NodeId] != target)
            {
                _targets[target.NodeId] = target;
                running.Probe.Update(target);
            }
        }
    }

    private void Start(ProbeTarget target, CancellationToken cancellationToken)
    {
        var probe = new NodeProbe(target, clock, settings, open, Seen);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _probes[(target.NodeId, target.Host, target.Port)] = (probe, stop, probe.RunAsync(stop.Token));
    }

    private async Task StopAsync((long NodeId, string Host, int Port) key)
    {
        var (_, stop, run) = _probes[key];
        _probes.Remove(key);
        Cancel(stop);
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        stop.Dispose();
    }

    // In this turn: its callbacks are brief, and the simulator allows no other thread.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private void Seen(long nodeId, ProbeOutcome outcome, Health? verdict)
    {
        Log.Probed(logger, nodeId, outcome);
        groups.OfNode(nodeId)?.Tell(change => ObservationHandling.Probed(change, nodeId, outcome, verdict));
    }
}
