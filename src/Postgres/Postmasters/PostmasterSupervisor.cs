using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// Keeps a postmaster running while it is to run. Its death is seen at once, because its process is waited for, and answered with a
/// restart at once; when restarts fail again and again this gives up, says why, and leaves the next step to its owner.
/// Commands are carried out one at a time; a stop does not wait for a restart that is under way, but ends it.
/// </summary>
internal sealed class PostmasterSupervisor(Func<PostgresOptions> options, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    // One that dies again sooner than this after a restart has not really come back: the attempts are counted on.
    private static readonly TimeSpan s_stableAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly PostmasterStart _start = new(logger, time);
    private readonly Readiness _readiness = new(logger, time);
    private readonly StopSequence _stops = new(logger, time);
    private readonly CancellationTokenSource _disposed = new();
    private CancellationTokenSource _restarts = new();
    private Task _watch = Task.CompletedTask;
    private volatile Postmaster? _current;
    private volatile Postmaster? _foreign;
    private volatile SupervisedState _state = SupervisedState.Initial;

    /// <summary>How the restart policy stands.</summary>
    public SupervisedState State => _state;

    /// <summary>Rings whenever something happened that an observer wants to know at once.</summary>
    public Bell Changed { get; } = new();

    /// <summary>The live postmaster of the data directory, whoever started it.</summary>
    public Postmaster? Current
    {
        get
        {
            if (_current is { Process.HasExited: false } ours)
            {
                return ours;
            }

            // One that we do not supervise: looked for again only when the one that was found has ended.
            var foreign = _foreign;
            return foreign is { Process.HasExited: false } ? foreign : _foreign = Postmaster.Find(options().PgData);
        }
    }

    public TimeSpan DownFor => _state.DownSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Starts it, or adopts the one that runs, and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Asked in every round: where there is nothing to do, nobody is woken, nothing is logged.
        if (_state is { IsToRun: true, DownSince: null } && _current is { Process.HasExited: false, PidFile.Status: PostmasterStatus.Ready })
        {
            return;
        }

        await InterruptRestartsAsync();
        await EnterAsync(cancellationToken);
        try
        {
            _state = _state with { IsToRun = true, DownSince = _state.DownSince ?? time.GetTimestamp() };
            await BringUpAsync(cancellationToken);
            _state = new SupervisedState { IsToRun = true, UpSince = time.GetTimestamp() };
        }
        catch (PostgresException e)
        {
            // It is for the caller to try again: a postmaster that never came up is not restarted behind its back.
            _current = _current is { Process.HasExited: false } alive ? alive : null;
            _state = _state with { Problem = e.Message, Attempts = _state.Attempts + 1, HasGivenUp = true };
            throw;
        }
        catch (OperationCanceledException)
        {
            GiveUpUnlessAlive();
            throw;
        }
        finally
        {
            _oneAtATime.Release();
            Changed.Ring();
        }
    }

    /// <summary>Stops it and keeps it stopped.</summary>
    public async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        _state = SupervisedState.Initial;
        await InterruptRestartsAsync();
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            _state = SupervisedState.Initial;
            if (Current is { } postmaster)
            {
                await _stops.RunAsync(postmaster, options().PgData, mode, cancellationToken);
            }

            _current = null;
            await Orphans.EndAsync(options().PgData, logger, time, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
            Changed.Ring();
        }
    }

    /// <summary>Lets go of it: whatever happens to it from now on is the operator's business.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await InterruptRestartsAsync();
        await _oneAtATime.WaitAsync(cancellationToken);
        _state = SupervisedState.Initial;
        _oneAtATime.Release();
    }

    /// <summary>Lets go of it without stopping it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await InterruptRestartsAsync();
        await _watch;
        _restarts.Dispose();
        _disposed.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _oneAtATime.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUpUnlessAlive();
            throw;
        }
    }

    // The restarts that were under way have been ended for a start that is now called off: without this everybody would go on believing
    // that they still are.
    private void GiveUpUnlessAlive() => _state = _state with { HasGivenUp = _state.IsToRun && _current is not { Process.HasExited: false } };

    private async Task BringUpAsync(CancellationToken cancellationToken)
    {
        var (configured, start) = (options(), time.GetTimestamp());
        var startupLog = new StartupLog(configured.PgData);
        var postmaster = await _start.FindOrLaunchAsync(configured, () => Current, _current, cancellationToken);
        if (!ReferenceEquals(postmaster, _current))
        {
            _current = postmaster;
            _watch = WatchAsync(postmaster, _watch);
        }

        await _readiness.WaitAsync(postmaster, startupLog, cancellationToken);
        Log.PostgresIsReady(logger, postmaster.Pid, configured.Port, time.GetElapsedTime(start).TotalMilliseconds);
    }

    // The tasks of earlier postmasters have ended, or are about to: theirs ended before this one could start.
    private async Task WatchAsync(Postmaster postmaster, Task earlier)
    {
        try
        {
            await earlier;
            await postmaster.Process.Exited.WaitAsync(_disposed.Token);
            Changed.Ring();
            var restarts = _restarts.Token;
            if (ReferenceEquals(postmaster, _current) && _state.IsToRun)
            {
                await Task.Run(() => RestartAsync(postmaster, restarts), restarts);
            }
        }
        catch (OperationCanceledException)
        {
            // A command took over, or this is being disposed of.
        }
    }

    private async Task RestartAsync(Postmaster dead, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(dead, _current) || !_state.IsToRun)
            {
                return;
            }

            Log.PostgresDied(logger, dead.Pid);
            var wasStable = _state.UpSince is { } up && time.GetElapsedTime(up) > s_stableAfter;
            _state = _state with { DownSince = time.GetTimestamp(), UpSince = null, Attempts = wasStable ? 0 : _state.Attempts };
            _current = null;
            if (_state.Attempts > 0)
            {
                await PauseAsync(cancellationToken); // it comes up, and dies again soon
            }

            while (!await TryRestartAsync(cancellationToken))
            {
                var configured = options();
                if (_state.Attempts >= configured.RestartFailureMaxRetries || DownFor > configured.RestartFailureTimeout)
                {
                    _state = _state with { HasGivenUp = true };
                    Log.GivingUpRestart(logger, _state.Attempts, DownFor.TotalSeconds, _state.Problem ?? "");
                    break;
                }

                await PauseAsync(cancellationToken);
            }
        }
        finally
        {
            _oneAtATime.Release();
            Changed.Ring();
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken)
    {
        var pause = Math.Min(100 * Math.Pow(3, _state.Attempts), s_longestPause.TotalMilliseconds);
        return Task.Delay(TimeSpan.FromMilliseconds(pause), time, cancellationToken);
    }

    private async Task<bool> TryRestartAsync(CancellationToken cancellationToken)
    {
        _state = _state with { Attempts = _state.Attempts + 1 };
        try
        {
            await BringUpAsync(cancellationToken);

            // The attempts stay: whether it has come back to stay is only known when it has been up for a while.
            _state = new SupervisedState { IsToRun = true, UpSince = time.GetTimestamp(), Attempts = _state.Attempts };
            return true;
        }
        catch (PostgresException e)
        {
            _current = null;
            Log.RestartFailed(logger, _state.Attempts, e.Message);
            _state = _state with { Problem = e.Message };
            return false;
        }
    }

    private async Task InterruptRestartsAsync()
    {
        var interrupted = Interlocked.Exchange(ref _restarts, new CancellationTokenSource());
        await interrupted.CancelAsync();
    }
}
