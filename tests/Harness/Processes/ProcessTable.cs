using System.Globalization;

namespace PgAutoFailover.Harness.Processes;

/// <summary>A snapshot of /proc: who is whose child, and who works in which directory.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, (int Parent, char State)> _processes = [];

    private ProcessTable()
    {
    }

    internal static ProcessTable Read()
    {
        var table = new ProcessTable();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && ReadStat(pid) is { } stat)
            {
                table._processes[pid] = stat;
            }
        }

        return table;
    }

    internal static bool IsAlive(int pid) => ReadStat(pid) is { State: not 'Z' };

    /// <summary>Whether every thread of a process is stopped by a signal; true of one that is gone.</summary>
    internal static bool StandsStill(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").All(thread => ReadStat(thread) is null or { State: 'T' or 'Z' });
        }
        catch (IOException)
        {
            return true;
        }
    }

    internal static string? WorkingDirectory(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The given processes and everything below them, parents first; zombies left out.</summary>
    internal List<int> Trees(IEnumerable<int> roots)
    {
        ILookup<int, int> children = _processes.ToLookup(p => p.Value.Parent, p => p.Key);
        var found = new List<int>();
        var open = new Queue<int>(roots.Where(_processes.ContainsKey));
        while (open.TryDequeue(out int pid))
        {
            if (!found.Contains(pid))
            {
                found.Add(pid);
                foreach (int child in children[pid])
                {
                    open.Enqueue(child);
                }
            }
        }

        found.RemoveAll(pid => _processes[pid].State == 'Z');
        return found;
    }

    internal IEnumerable<int> WorkingIn(string directory) =>
        _processes.Where(p => p.Value.State != 'Z').Select(p => p.Key).Where(pid => WorkingDirectory(pid) == directory);

    private static (int Parent, char State)? ReadStat(int pid) => ReadStat($"/proc/{pid}");

    private static (int Parent, char State)? ReadStat(string directory)
    {
        try
        {
            // "pid (name) state parent ...": a name may hold spaces and parentheses, so fields count from the last one.
            string text = File.ReadAllText(directory + "/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
