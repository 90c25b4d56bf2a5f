using System.Text;
using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Cli.Files;

/// <summary>
/// Whether the process that a pidfile names serves that file's data directory. A pid outlives its process: after a restart of the machine it may be
/// that of another node's service, of a command that somebody has just typed, or of a thread. What counts is what the process was started with, which
/// it cannot change and which those of earlier versions, and of 2.0, say too. In doubt it serves: two supervisors of one PostgreSQL are the worse mistake.
/// </summary>
internal static class ServingProcess
{
    private const string Option = "--pgdata";
    private const string ShortestOption = "--pgd";

    // Of an option's letter only these may come before it in one word without its being somebody's value.
    private const string Flags = "vq";

    public static bool Serves(int pid, string pgdata)
    {
        var words = Read(pid, "cmdline");
        var program = Array.FindIndex(words, 0, Math.Min(words.Length, 2), w => Path.GetFileNameWithoutExtension(w) == "pg_autoctl");
        return program >= 0 && IsProcess(pid) && MayServe(pid, words[(program + 1)..], pgdata);
    }

    // Only these make a pidfile; whoever looks at a node serves nobody.
    private static bool MayServe(int pid, string[] arguments, string pgdata) =>
        Array.Find(arguments, w => !w.StartsWith('-')) is "run" or "create" or "do"
        && (Find(pid, arguments) is not { } directory || CanonicalPath.Of(directory) == CanonicalPath.Of(pgdata));

    /// <summary>The data directory that it was started for; null where that cannot be told.</summary>
    private static string? Find(int pid, string[] arguments)
    {
        if (!TryFindOption(arguments, out var given))
        {
            return null;
        }

        given ??= Array.Find(Read(pid, "environ"), v => v.StartsWith("PGDATA=", StringComparison.Ordinal))?["PGDATA=".Length..];
        if (string.IsNullOrEmpty(given) || Path.IsPathRooted(given))
        {
            return string.IsNullOrEmpty(given) ? null : given;
        }

        return WorkingDirectory(pid) is { } directory ? Path.Join(directory, given) : null;
    }

    /// <summary>False where a word may be the option, or another's value.</summary>
    private static bool TryFindOption(string[] arguments, out string? given)
    {
        given = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (name is null)
            {
                return false;
            }

            if (name == Option)
            {
                given = value ?? (i + 1 < arguments.Length ? arguments[++i] : null);
            }
        }

        return true;
    }

    /// <summary>A word as the option's name with the value that is attached to it, as something else, or with null as what cannot be told.</summary>
    private static (string? Name, string? Value) Split(string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            var parts = word.Split('=', 2);
            return parts[0].StartsWith(ShortestOption, StringComparison.Ordinal) && Option.StartsWith(parts[0], StringComparison.Ordinal)
                ? (Option, parts.Length == 2 ? parts[1] : null)
                : ("", null);
        }

        if (!word.StartsWith('-') || !word.Contains('D', StringComparison.Ordinal))
        {
            return ("", null);
        }

        var letter = word.IndexOf('D', StringComparison.Ordinal);
        return word[1..letter].All(Flags.Contains) ? (Option, letter + 1 < word.Length ? word[(letter + 1)..] : null) : (null, null);
    }

    private static string? WorkingDirectory(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget is { } target && Directory.Exists(target) ? target : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsProcess(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").Contains($"Tgid:\t{pid}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string[] Read(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}")).TrimEnd('\0').Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
