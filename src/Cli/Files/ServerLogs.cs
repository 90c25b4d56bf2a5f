using System.Text;

namespace PgAutoFailover.Cli.Files;

/// <summary>Where PostgreSQL logs in its data directory: what it says before its logging collector runs, and the collector's newest file.</summary>
internal static class ServerLogs
{
    // A log may have gigabytes: what a person reads is its end.
    private const int TailBytes = 256 * 1024;

    /// <summary>The files that there are, in the order in which they were written.</summary>
    public static IReadOnlyList<string> Find(string pgdata) => [.. FindStartup(pgdata), .. Newest(pgdata)];

    /// <summary>The file of its start alone.</summary>
    public static IReadOnlyList<string> FindStartup(string pgdata) => Path.Join(pgdata, "startup.log") is var file && File.Exists(file) ? [file] : [];

    /// <summary>The last lines of a file, whole ones only.</summary>
    public static IEnumerable<string> ReadTail(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var skips = stream.Length > TailBytes;
        stream.Position = skips ? stream.Length - TailBytes : 0;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        if (skips)
        {
            reader.ReadLine();
        }

        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    // PostgreSQL says itself which file it writes to; without a collector, or after its end, the newest in the usual place is meant.
    private static IEnumerable<string> Newest(string pgdata)
    {
        var named = Path.Join(pgdata, "current_logfiles");
        if (File.Exists(named) && File.ReadLines(named).FirstOrDefault(l => l.StartsWith("stderr ", StringComparison.Ordinal)) is { } line)
        {
            // An absolute path stays what it is.
            var file = Path.Combine(pgdata, line["stderr ".Length..]);
            return File.Exists(file) ? [file] : [];
        }

        var directory = new DirectoryInfo(Path.Join(pgdata, "log"));
        return directory.Exists ? directory.GetFiles("*.log").OrderByDescending(f => f.LastWriteTimeUtc).Take(1).Select(f => f.FullName) : [];
    }
}
