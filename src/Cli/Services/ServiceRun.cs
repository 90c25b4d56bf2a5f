namespace PgAutoFailover.Cli.Services;

/// <summary>One life of a service: it can be asked to end, so that the next one begins.</summary>
internal sealed class ServiceRun(CancellationToken all) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(all);
    private readonly TaskCompletionSource<bool> _nextBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRestartAsked;

    /// <summary>The service is to end, for whatever reason.</summary>
    public CancellationToken Stop => _stop.Token;

    public bool IsRestartAsked => _isRestartAsked;

    /// <summary>Ends this life, and returns when the next one has begun; false where it was the last.</summary>
    public async Task<bool> RestartAsync(CancellationToken cancellationToken)
    {
        _isRestartAsked = true;
        try
        {
            await _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }

        return await _nextBegan.Task.WaitAsync(cancellationToken);
    }

    public void NextBegan() => _nextBegan.TrySetResult(true);

    public void Dispose()
    {
        _nextBegan.TrySetResult(false);
        _stop.Dispose();
    }
}
