using System.Threading.Channels;

namespace PgAutoFailover.Keeper.ByHand;

/// <summary>Waits until a file of a directory is replaced. Where the system has no watches left it only waits, so a wait needs its limit.</summary>
public sealed class FileWatch : IDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FileSystemWatcher? _watcher;

    /// <param name="directory">A directory that exists.</param>
    /// <param name="names">Names of files in it, which need not exist.</param>
    public FileWatch(string directory, params IReadOnlyList<string> names)
    {
        try
        {
            _watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName };
            _watcher.Created += Tell;
            _watcher.Renamed += Tell;
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            _watcher?.Dispose();
            _watcher = null;
        }

        void Tell(object sender, FileSystemEventArgs change)
        {
            if (names.Contains(change.Name, StringComparer.Ordinal))
            {
                _changes.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Returns after a change since the last wait, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _changes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // That was the limit.
        }
    }

    public void Dispose() => _watcher?.Dispose();
}
