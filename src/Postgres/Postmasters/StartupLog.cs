using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// What PostgreSQL wrote since a start: first into <c>startup.log</c>, then, once its log collector runs, into the log directory.
/// </summary>
internal sealed class StartupLog
{
    private const int TailBytes = 16 * 1024;
    private readonly string _pgData;
    private readonly Dictionary<string, long> _sizes;

    /// <summary>Remembers where the logs end now, so that what an earlier start wrote is not blamed on this one.</summary>
    public StartupLog(string pgData)
    {
        _pgData = pgData;
        _sizes = Files().ToDictionary(f => f.FullName, f => f.Length);
    }

    /// <summary>The error of a postmaster that ended: its last words, and what they mean.</summary>
    public async Task<PostgresException> ExplainAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        // The log collector writes what it was given, and ends a moment after the postmaster.
        var start = time.GetTimestamp();
        while (Orphans.Exist(_pgData) && time.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }

        return StartupFailure.Explain(_pgData, Lines());
    }

    /// <summary>The last lines, for a message.</summary>
    public string LastLines() => string.Join('\n', Lines().TakeLast(5));

    private List<string> Lines() => [.. Files().OrderBy(f => f.LastWriteTimeUtc).SelectMany(NewLines)];

    private List<FileInfo> Files()
    {
        var logs = new DirectoryInfo(Path.Combine(_pgData, "log"));
        List<FileInfo> files = [new(Path.Combine(_pgData, "startup.log"))];
        if (logs.Exists)
        {
            files.AddRange(logs.EnumerateFiles().Where(f => f.Extension is ".log"));
        }

        return [.. files.Where(f => f.Exists)];
    }

    private IEnumerable<string> NewLines(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(_sizes.GetValueOrDefault(file.FullName), stream.Length - TailBytes);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
