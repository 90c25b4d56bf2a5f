using System.Threading.Channels;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Wakes the loop: set from anywhere, any number of times, it ends one wait. A wait also ends by itself.</summary>
internal sealed class Signal : IDisposable
{
    private readonly Channel<bool> _pending = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly ITimer _timer;

    public Signal(TimeProvider time) =>
        _timer = time.CreateTimer(static s => ((Signal)s!).Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Set() => _pending.Writer.TryWrite(true);

    /// <summary>Returns after <see cref="Set"/> or after <paramref name="atMost"/>; sometimes earlier, which costs a round.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        _timer.Change(atMost, Timeout.InfiniteTimeSpan);
        await _pending.Reader.ReadAsync(cancellationToken);
    }

    public void Dispose() => _timer.Dispose();
}
