using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Settings;

namespace PgAutoFailover.Monitor.Probes;

/// <summary>
/// Probes one node, one probe at a time. As long as the node answers, one session is held and pinged; its end is a reason to look at
/// once. What is seen goes to <paramref name="seen"/>.
/// </summary>
internal sealed class NodeProbe(
    ProbeTarget target, MonitorClock clock, SettingsSource settings, OpenProbe open, Action<long, ProbeOutcome, Health?> seen)
{
    private readonly Lock _gate = new();
    private readonly Signal _wake = new();
    private readonly ProbeTally _tally = new();
    private ProbeTarget _target = target;
    private IProbeSession? _session;
    private Task _watch = Task.CompletedTask;

    /// <summary>The node has changed; an address never does, that is another probe. Has it looked at now.</summary>
    public void Update(ProbeTarget target)
    {
        lock (_gate)
        {
            _target = target;
        }

        _wake.Set();
    }

    /// <summary>Probes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var timer = clock.Time.CreateTimer(static w => ((Signal)w!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                var current = settings.Current;
                if (current.EnableHealthChecks)
                {
                    var outcome = await ProbeAsync(current.HealthCheckTimeout, cancellationToken);
                    seen(_target.NodeId, outcome, _tally.Note(outcome, clock.Now, current));
                }
                else
                {
                    await LeaveAsync();
                }

                await WaitAsync(timer, ProbeSchedule.Next(Snapshot(), _tally.IsFailing, clock.Now, settings.Current), cancellationToken);
            }
        }
        finally
        {
            await LeaveAsync();
        }
    }

    private async Task<ProbeOutcome> ProbeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await LookAsync(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && ProbeFailure.Classify(e) is { } outcome)
        {
            await LeaveAsync();
            return outcome;
        }
    }

    private async Task<ProbeOutcome> LookAsync(CancellationToken cancellationToken)
    {
        var mayHold = Snapshot().HoldsSession;
        if (mayHold && _session is { Ended.IsCompleted: false } held)
        {
            try
            {
                await held.PingAsync(cancellationToken);
                return ProbeOutcome.Accepting;
            }
            catch (IOException)
            {
                // It ended while being asked: a new session tells what has become of the server.
            }
        }

        await LeaveAsync();
        var (outcome, session) = await open(_target.Host, _target.Port, cancellationToken);
        _session = session;
        _watch = session is null ? Task.CompletedTask : WatchAsync(session);
        if (!mayHold)
        {
            await LeaveAsync();
        }

        return outcome;
    }

    private async Task WaitAsync(ITimer timer, TimeSpan delay, CancellationToken cancellationToken)
    {
        timer.Change(delay, Timeout.InfiniteTimeSpan);
        await _wake.WaitAsync(cancellationToken);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private async Task WatchAsync(IProbeSession session)
    {
        await session.Ended;
        if (ReferenceEquals(session, _session))
        {
            _wake.Set();
        }
    }

    private async Task LeaveAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
            await _watch;
        }
    }

    private ProbeTarget Snapshot()
    {
        lock (_gate)
        {
            return _target;
        }
    }
}
