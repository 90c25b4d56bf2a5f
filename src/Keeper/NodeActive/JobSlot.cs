using System.Diagnostics.CodeAnalysis;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Runs one job at a time. A job that is to make way is cancelled and waited for; for one that has to stop PostgreSQL only so long,
/// because a hanging query must not keep a node from fencing itself.
/// </summary>
internal sealed class JobSlot(Signal signal, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Inquiry<JobResult> _running = new(signal, time);
    private CancellationTokenSource? _cancellation;
    private volatile bool _isUrgent;

    /// <summary>The job that runs, or null.</summary>
    public Job? Current { get; private set; }

    /// <summary>Starts a job. None must be running.</summary>
    public void Start(Job job, CancellationToken cancellationToken)
    {
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (Current, _cancellation, _isUrgent) = (job, cancellation, false);
        _running.Start(() => RunAsync(job, cancellation.Token));
    }

    /// <summary>Cancels the job that runs; its result comes when it has let go.</summary>
    /// <param name="urgent">Do not wait for long until it does.</param>
    public void MakeWay(bool urgent)
    {
        _isUrgent |= urgent;
        _cancellation?.Cancel();
    }

    /// <summary>Takes the result of the job that ended.</summary>
    public bool TryTake([NotNullWhen(true)] out JobResult? result)
    {
        // RunAsync has no failure of its own: a job's is part of its result.
        result = _running.TryTake(out var reply) ? reply.Value! : null;
        Current = result is null ? Current : null;
        return result is not null;
    }

    /// <summary>Cancels what runs and waits for its end.</summary>
    public async Task EndAsync()
    {
        MakeWay(urgent: false);
        await _running.EndAsync();
        Current = null;
    }

    public void Dispose() => _cancellation?.Dispose();

    private async Task<JobResult> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var work = job.Work(cancellationToken);
        using var news = new Signal(time);
        var telling = TellEndAsync(work, news);
        try
        {
            await using (cancellationToken.UnsafeRegister(static s => ((Signal)s!).Set(), news))
            {
                if (!await HasEndedAsync(work, news, cancellationToken))
                {
                    // Left behind: it sees that it was cancelled before it changes the state.
                    return new(job, Error: null, WasCancelled: true);
                }
            }

            await telling;
            await work;
            return new(job, Error: null, WasCancelled: false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(job, Error: null, WasCancelled: true);
        }
        catch (Exception e)
        {
            return new(job, e, WasCancelled: cancellationToken.IsCancellationRequested);
        }
    }

    /// <summary>Waits for the end of the work; false when it was cancelled for something urgent and does not end.</summary>
    private async Task<bool> HasEndedAsync(Task work, Signal news, CancellationToken cancellationToken)
    {
        long? cancelledAt = null;
        while (!work.IsCompleted)
        {
            await news.WaitAsync(s_patience, CancellationToken.None);
            cancelledAt ??= cancellationToken.IsCancellationRequested ? time.GetTimestamp() : null;
            if (!work.IsCompleted && _isUrgent && cancelledAt is { } since && time.GetElapsedTime(since) >= s_patience)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task TellEndAsync(Task work, Signal news)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        news.Set();
    }
}
