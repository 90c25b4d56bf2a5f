using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Scheduling;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>
/// Starts and stops the postmaster and restarts one that dies, as the product's supervisor does; it lives in the keeper's process and dies
/// with it, while the postmaster goes on.
/// </summary>
internal sealed class SimSupervision
{
    private const int MostRetries = 3;
    private static readonly TimeSpan s_restartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_stableAfter = TimeSpan.FromSeconds(10);

    private readonly SimNode _node;
    private readonly TimeProvider _time;
    private readonly SimProcess _process;
    private TaskCompletionSource _changed = new();
    private int _command;
    private bool _isToRun;
    private long? _downSince;
    private long _upSince;
    private bool _isBusy;

    public SimSupervision(SimNode node, TimeProvider time)
    {
        (_node, _time, _process) = (node, time, (SimProcess)SynchronizationContext.Current!); // made in the keeper's process
        node.Pg.Watcher = OnChanged;
    }

    public int Attempts { get; private set; }

    public bool HasGivenUp { get; private set; }

    public string? Problem { get; private set; }

    public TimeSpan DownFor => _downSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Completes at the next thing that happens to the postmaster.</summary>
    public Task NextChange => _changed.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isToRun && _downSince is null && _node.Pg.Instance is { Phase: PostgresPhase.Ready })
        {
            return;
        }

        _command++; // ends restarts that are under way
        try
        {
            await EnterAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUpUnlessAlive();
            throw;
        }

        try
        {
            (_isToRun, _downSince) = (true, _downSince ?? _time.GetTimestamp());
            await BringUpAsync(_command, cancellationToken);
            (Attempts, HasGivenUp, Problem, _downSince, _upSince) = (0, false, null, null, _time.GetTimestamp());
        }
        catch (PostgresException e)
        {
            (Problem, HasGivenUp) = (e.Message, true);
            Attempts++;
            throw;
        }
        catch (OperationCanceledException)
        {
            GiveUpUnlessAlive();
            throw;
        }
        finally
        {
            Leave();
        }
    }

    public async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        Forget();
        _command++; // ends restarts that are under way
        await EnterAsync(cancellationToken);
        try
        {
            Forget();
            await EndAsync(mode, cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        _command++; // ends restarts that are under way
        await EnterAsync(cancellationToken);
        Forget();
        Leave();
    }

    // Restarts have been ended for a start that is called off: nobody is at it any more.
    private void GiveUpUnlessAlive() => HasGivenUp = _isToRun && _node.Pg.Instance is null;

    private void Forget() => (_isToRun, _downSince, Attempts, HasGivenUp, Problem) = (false, null, 0, false, null);

    private async Task BringUpAsync(int command, CancellationToken cancellationToken)
    {
        if (_node.Pg.Instance is null)
        {
            await Task.Delay(_node.World.Chance.Span(5, 30), _time, cancellationToken);
            Launch();
        }

        while (true)
        {
            switch (_node.Pg.Instance)
            {
                case { Phase: PostgresPhase.Ready }:
                    return;
                case null:
                    throw new PostgresException("PostgreSQL did not start: it ended before it accepted sessions");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancellationToken);
            if (command != _command)
            {
                throw new OperationCanceledException("another command has come");
            }
        }
    }

    private void Launch()
    {
        if (_node.Pg.Data is null || _node.Pg.IsUnfinished)
        {
            throw new PostgresException("the data directory is absent or half written, nothing is started on it");
        }

        if (_node.Pg.CannotStart || _node.Host.DiskIsFull)
        {
            throw new PostgresException(_node.Host.DiskIsFull ? "could not write postmaster.pid: No space left on device" : "could not bind the port");
        }

        _node.World.StepPoint(_node, "start");
        if (_node.Pg.Instance is null)
        {
            _node.Pg.Launch();
        }
    }

    private async Task EndAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (_node.Pg.Instance is not { } instance)
        {
            return;
        }

        _node.World.StepPoint(_node, "stop");
        var begun = _time.GetTimestamp();
        if (mode != StopMode.Immediate)
        {
            _node.World.Scheduler.Post(instance.Process, static i => ((PgInstance)i!).StopFast(), instance);
        }

        // A frozen postmaster does not react at all: it is killed after a while, and so is one that lingers.
        var patience = mode == StopMode.Immediate ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(10);
        while (!instance.Process.IsDead)
        {
            var reacts = instance.Phase == PostgresPhase.Stopping || _time.GetElapsedTime(begun) < TimeSpan.FromSeconds(5);
            if (_time.GetElapsedTime(begun) >= patience || !reacts)
            {
                instance.Kill("stopped immediately");
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancellationToken);
        }
    }

    private void OnChanged(PgInstance instance) => _process.Scheduler.Post(_process, _ =>
    {
        var told = _changed;
        _changed = new TaskCompletionSource();
        told.SetResult();
        if (instance.Process.IsDead && _isToRun && !_isBusy && _node.Pg.Instance is null)
        {
            _ = RestartAsync(_command);
        }
    }, null);

    private async Task RestartAsync(int command)
    {
        await EnterAsync(CancellationToken.None);
        try
        {
            if (command != _command || !_isToRun || _node.Pg.Instance is not null)
            {
                return;
            }

            Attempts = _time.GetElapsedTime(_upSince) > s_stableAfter ? 0 : Attempts;
            _downSince = _time.GetTimestamp();
            if (Attempts > 0 && !await PauseAsync(command))
            {
                return;
            }

            while (!await TryRestartAsync(command))
            {
                if (Attempts >= MostRetries || DownFor > s_restartLimit)
                {
                    HasGivenUp = true;
                    break;
                }

                if (!await PauseAsync(command))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // A command took over.
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>False where another command has come meanwhile.</summary>
    private async Task<bool> PauseAsync(int command)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 100 * Math.Pow(3, Attempts))), _time);
        return command == _command;
    }

    private async Task<bool> TryRestartAsync(int command)
    {
        Attempts++;
        try
        {
            await BringUpAsync(command, CancellationToken.None);
            (HasGivenUp, Problem, _downSince, _upSince) = (false, null, null, _time.GetTimestamp());
            return true;
        }
        catch (PostgresException e)
        {
            Problem = e.Message;
            return false;
        }
    }

    // One command at a time.
    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        while (_isBusy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), _time, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _isBusy = true;
    }

    private void Leave()
    {
        _isBusy = false;
        var told = _changed;
        _changed = new TaskCompletionSource();
        told.SetResult();
    }
}
