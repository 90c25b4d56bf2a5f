namespace PgAutoFailover.Cli.Services;

/// <summary>
/// How often a service that ends by itself is started again: five times within 300 seconds. More often means that starting does
/// not help, and a service manager that sees us end can tell somebody.
/// </summary>
internal sealed class RestartLimit(TimeProvider time)
{
    public const int MostRestarts = 5;
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(300);
    private readonly Queue<long> _starts = [];

    /// <summary>Counts a restart; false when it would be one too many.</summary>
    public bool TryRestart()
    {
        while (_starts.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
        {
            _starts.Dequeue();
        }

        if (_starts.Count == MostRestarts)
        {
            return false;
        }

        _starts.Enqueue(time.GetTimestamp());
        return true;
    }
}
