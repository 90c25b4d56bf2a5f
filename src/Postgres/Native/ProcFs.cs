using System.Text;

namespace PgAutoFailover.Postgres.Native;

/// <summary>What <c>/proc</c> says of running processes. A process that ends while it is read counts as gone.</summary>
internal static class ProcFs
{
    public static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0).Where(pid => pid > 0);

    /// <summary>Command line, arguments separated by spaces; for a PostgreSQL backend its title. Empty when unknown.</summary>
    public static string CommandLine(int pid) => string.Join(' ', Arguments(pid));

    public static string[] Arguments(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).TrimEnd('\0', ' ').Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Name of the executable, without its directory and without the mark of a file that was replaced since.</summary>
    public static string Executable(int pid) => Path.GetFileName(Link($"/proc/{pid}/exe").Replace(" (deleted)", "", StringComparison.Ordinal));

    public static string WorkingDirectory(int pid) => Link($"/proc/{pid}/cwd");

    public static int Parent(int pid) => int.TryParse(Stat(pid) is { Length: > 1 } s ? s[1] : "", out var parent) ? parent : 0;

    /// <summary>Of this process.</summary>
    public static IEnumerable<int> Children()
    {
        var own = Environment.ProcessId;
        return [.. Pids().Where(pid => Parent(pid) == own)];
    }

    /// <summary>True for a process that has ended and only waits for its parent to notice.</summary>
    public static bool IsZombie(int pid) => Stat(pid) is ["Z", ..];

    /// <summary>Processor time used so far, in clock ticks (a hundredth of a second).</summary>
    public static long CpuTicks(int pid) =>
        Stat(pid) is { Length: > 12 } s && long.TryParse(s[11], out var user) && long.TryParse(s[12], out var system) ? user + system : 0;

    /// <summary>Bytes read and written so far, the page cache's included.</summary>
    public static long BytesMoved(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/io").Take(2).Sum(l => long.Parse(l.AsSpan(l.IndexOf(':', StringComparison.Ordinal) + 1)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // The fields of stat after the program's name, which may itself hold spaces and parentheses: state, parent, ...
    private static string[] Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
