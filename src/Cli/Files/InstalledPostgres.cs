using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Files;

/// <summary>A PostgreSQL on this machine as <c>postgres --version</c> names it; empty where there is none.</summary>
internal sealed partial record InstalledPostgres(string Text, string Version, string Major, int Number)
{
    private static readonly InstalledPostgres s_none = new("", "", "", 0);

    /// <summary>The newest that PATH or Debian's layout has.</summary>
    public static InstalledPostgres Find(CommandContext context) => Programs(context).FirstOrDefault(File.Exists) is { } program ? Ask(program) : s_none;

    private static IEnumerable<string> Programs(CommandContext context)
    {
        var fromPath = (context.Variable("PATH") ?? "").Split(':').Select(d => Path.Join(d, "postgres"));
        var fromDebian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal).Select(d => Path.Join(d, "bin/postgres"))
            : [];
        return fromPath.Concat(fromDebian);
    }

    /// <summary>What a <c>postgres</c> program says of itself.</summary>
    public static InstalledPostgres Ask(string program)
    {
        if (!File.Exists(program))
        {
            return s_none;
        }

        using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false });
        return process is null ? s_none : Parse(process.StandardOutput.ReadToEnd());
    }

    /// <summary>Reads <c>postgres (PostgreSQL) 15.20 (Debian 15.20-1)</c>, also of versions in beta.</summary>
    public static InstalledPostgres Parse(string text)
    {
        var match = VersionPattern().Match(text);
        if (!match.Success)
        {
            return s_none;
        }

        var major = match.Groups["major"].Value;
        _ = int.TryParse(match.Groups["minor"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var minor);
        return new InstalledPostgres(
            $"PostgreSQL {match.Groups["rest"].Value.Trim()}",
            match.Groups["rest"].Value.Trim(),
            major,
            (int.Parse(major, CultureInfo.InvariantCulture) * 10000) + minor);
    }

    /// <summary>Version alone, as <c>15.20</c>.</summary>
    public string Short => Version.Split(' ')[0];

    [GeneratedRegex(@"\(PostgreSQL\)\s+(?<rest>(?<major>\d+)(?:\.(?<minor>\d+))?.*)", RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern();
}
