using System.Globalization;
using System.Text;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Files;

/// <summary>What <c>pg_autoctl.pid</c> says: which process runs for a data directory.</summary>
/// <param name="Services">Services with the process that runs each: here always the supervisor itself.</param>
internal sealed record PidFileContent(int Pid, string PgData, string Version, string ExtensionVersion, IReadOnlyList<(string Name, int Pid)> Services);

/// <summary>
/// The pidfile of a data directory. It is what keeps a second <c>run</c> away: created under its name by link(2)-like
/// exclusive creation, so that of two starters exactly one wins; one whose process is gone, or serves another directory, is stale and taken over.
/// </summary>
internal static class PidFile
{
    // 2.0 has the id of the semaphore here that its processes share for log lines; we have one process and none.
    private const string NoSemaphore = "0";

    /// <summary>Null where there is none, or none that makes sense.</summary>
    public static PidFileContent? Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (lines.Length < 4 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid <= 0)
        {
            return null;
        }

        var services = new List<(string, int)>();
        foreach (var words in lines.Skip(5).Select(l => l.Split(' ', 2)))
        {
            if (words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var servicePid))
            {
                services.Add((words[1], servicePid));
            }
        }

        return new PidFileContent(pid, lines[1], lines[2], lines[3], services);
    }

    /// <summary>The content where its process is alive and serves the data directory, else null: then the file is as stale as if nobody had its number.</summary>
    public static PidFileContent? ReadLive(string path) => Read(path) is { } content && ServingProcess.Serves(content.Pid, content.PgData) ? content : null;

    /// <summary>For commands that would change something before they come to create the file.</summary>
    /// <exception cref="CommandFailure">Another process holds it.</exception>
    public static void RefuseIfRunning(string path, string pgdata)
    {
        if (ReadLive(path) is { } other && other.Pid != Environment.ProcessId)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"An instance of pg_autoctl is already running for \"{pgdata}\", with pid {other.Pid}",
                "Use \"pg_autoctl stop\" first, or \"pg_autoctl status\" to look at it");
        }
    }

    /// <summary>Creates the file for this process. A stale one is removed first; <paramref name="removed"/> tells its pid.</summary>
    /// <exception cref="CommandFailure">Another process holds it.</exception>
    public static void Create(string path, string pgdata, IReadOnlyList<string> services, out int? removed)
    {
        removed = null;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            RefuseIfRunning(path, pgdata);
            if (File.Exists(path))
            {
                removed = Read(path)?.Pid ?? 0;
                File.Delete(path);
            }

            if (TryCreate(path, pgdata, services))
            {
                return;
            }
        }

        throw new CommandFailure(ExitCode.BadState, $"Failed to create pidfile \"{path}\": other processes keep creating it");
    }

    /// <summary>Whether the file still names this process.</summary>
    public static bool IsOurs(string path) => Read(path) is { } content && content.Pid == Environment.ProcessId;

    /// <summary>Removes the file if it is ours.</summary>
    public static void Remove(string path)
    {
        if (IsOurs(path))
        {
            File.Delete(path);
        }
    }

    private static bool TryCreate(string path, string pgdata, IReadOnlyList<string> services)
    {
        var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var lines = new List<string> { pid, pgdata, ProgramVersion.Text, ProgramVersion.Extension, NoSemaphore };
        lines.AddRange(services.Select(s => $"{pid} {s}"));

        // Written aside and moved in place without overwriting: whoever reads the file sees all of it.
        var temporary = $"{path}.{pid}";
        File.WriteAllText(temporary, string.Join('\n', lines) + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.SetUnixFileMode(temporary, AtomicFile.Readable);
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return false;
        }
    }
}
