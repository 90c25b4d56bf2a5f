using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Simulation.Monitors;
using PgAutoFailover.Simulation.Networks;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Keepers;

/// <summary>
/// The connection that listens on channel <c>state</c>: opened by whoever waits, lost with the monitor's database. When nothing is heard
/// for a while it asks for a sign of life, as the driver does: the end of a connection may get lost on its way.
/// </summary>
internal sealed class SimStateListener(SimMonitor monitor, SimProcess process, SimHost host, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_keepalive = TimeSpan.FromSeconds(10);

    private readonly Queue<StateChange> _changes = new();
    private TaskCompletionSource _news = new();
    private bool _isListening;
    private bool _isLost;

    public async Task<StateChange?> WaitAsync(string formationId, CancellationToken cancellationToken)
    {
        try
        {
            if (!_isListening)
            {
                await ListenAsync(cancellationToken);
                return null;
            }

            while (true)
            {
                while (_changes.TryDequeue(out var change))
                {
                    if (change.FormationId == formationId)
                    {
                        return change;
                    }
                }

                if (_isLost)
                {
                    throw SimMonitor.Unreachable("the connection was lost");
                }

                await HearAsync(cancellationToken);
            }
        }
        catch (MonitorException)
        {
            _isListening = false;
            await Task.Delay(s_pause, time, cancellationToken);
            throw;
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _news.Task.WaitAsync(s_keepalive, time, cancellationToken);
            _news = new TaskCompletionSource();
        }
        catch (TimeoutException)
        {
            await AskAsync(c => c.Reply(monitor.IsListening(Hear)), cancellationToken);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _isLost = false;
        _changes.Clear();
        await AskAsync(
            c =>
            {
                monitor.Listen(process, host, Hear, Lose);
                c.Reply(value: true);
            },
            cancellationToken);
        _isListening = true;
    }

    /// <summary>Asks the monitor's database over the connection.</summary>
    private async Task AskAsync(Action<Call<bool>> ask, CancellationToken cancellationToken)
    {
        var call = new Call<bool>(process, host, monitor.Host).Send(c =>
        {
            if (monitor.DatabaseIsUp)
            {
                ask(c);
            }
            else
            {
                c.Fail(SimMonitor.Unreachable("connection refused"));
            }
        });
        try
        {
            _isLost |= !await call.Answer.WaitAsync(s_connectLimit, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new MonitorException("the monitor cannot be reached: no answer in time", e);
        }
    }

    private void Hear(StateChange change)
    {
        _changes.Enqueue(change);
        _news.TrySetResult();
    }

    private void Lose()
    {
        _isLost = true;
        _news.TrySetResult();
    }
}
