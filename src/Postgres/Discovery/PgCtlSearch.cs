using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Discovery;

/// <summary>
/// Finds <c>pg_ctl</c>, and with it the server's programs: by PG_CONFIG, along PATH, then where Debian keeps them. Several majors are
/// a question for the operator: a guess could start a cluster with the wrong one.
/// </summary>
public static class PgCtlSearch
{
    public const int OldestSupported = 13;
    public const int NewestSupported = 18;
    private const string DebianDirectory = "/usr/lib/postgresql";

    /// <summary>Absolute path of the one that was found.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="PostgresException">None, or several.</exception>
    public static async Task<string> FindAsync(Func<string, string?> variable, CancellationToken cancellationToken)
    {
        if (variable("PG_CONFIG") is { Length: > 0 } pgConfig)
        {
            var directory = await Programs.ProgramOutput.ReadAsync(pgConfig, "--bindir", cancellationToken);
            var program = Path.Combine(directory, "pg_ctl");
            return File.Exists(program) ? program : throw new PostgresException($"PG_CONFIG=\"{pgConfig}\" names \"{directory}\", where there is no pg_ctl");
        }

        return Choose(Existing((variable("PATH") ?? "").Split(':'))) ?? Choose(InDebianDirectories(DebianDirectory)) ?? throw new PostgresException(
            "could not find pg_ctl", "Install PostgreSQL's server, or give its place with --pgctl, PG_CONFIG or PATH.");
    }

    /// <summary>Every one that there is, each installation once: that of PG_CONFIG, those along PATH, Debian's.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(Func<string, string?> variable, CancellationToken cancellationToken)
    {
        List<string> first = variable("PG_CONFIG") is { Length: > 0 } pgConfig
            ? Existing([await Programs.ProgramOutput.ReadAsync(pgConfig, "--bindir", cancellationToken)])
            : [];
        return Different([.. first, .. Existing((variable("PATH") ?? "").Split(':')), .. InDebianDirectories(DebianDirectory)]);
    }

    /// <summary>The one for a data directory of this major version.</summary>
    /// <exception cref="PostgresException">There is none.</exception>
    public static async Task<string> FindForAsync(int major, Func<string, string?> variable, CancellationToken cancellationToken)
    {
        foreach (var found in await ListAsync(variable, cancellationToken))
        {
            if (File.Exists(Path.Combine(Path.GetDirectoryName(found) ?? "", "postgres")) && await ReadMajorVersionAsync(found, cancellationToken) == major)
            {
                return found;
            }
        }

        throw new PostgresException($"could not find pg_ctl of PostgreSQL {major}", "Install that version's server, or give its place with PG_CONFIG or PATH.");
    }

    /// <summary>Major version of the server that a <c>pg_ctl</c> belongs to.</summary>
    /// <exception cref="PostgresException">It cannot be run, or is of a version that is not supported.</exception>
    public static async Task<int> ReadMajorVersionAsync(string pgCtl, CancellationToken cancellationToken)
    {
        // pg_ctl (PostgreSQL) 15.20 (Debian 15.20-1), or 18beta1
        var words = (await Programs.ProgramOutput.ReadAsync(pgCtl, "--version", cancellationToken)).Split(' ');
        var major = words.Length > 2 ? new string([.. words[2].TakeWhile(char.IsAsciiDigit)]) : "";
        return int.TryParse(major, out var number) && number is >= OldestSupported and <= NewestSupported
            ? number
            : throw new PostgresException(
                $"\"{pgCtl}\" belongs to PostgreSQL {(major.Length > 0 ? major : "of an unknown version")}",
                $"Versions {OldestSupported} to {NewestSupported} are supported.");
    }

    // The same installation may be reached by several ways: what counts is where it really is.
    internal static string? Choose(IReadOnlyList<string> found)
    {
        var different = Different(found);
        return different.Count <= 1
            ? different.FirstOrDefault()
            : throw new PostgresException($"found several pg_ctl: {string.Join(", ", different)}", "Choose one with --pgctl or PG_CONFIG.");
    }

    private static List<string> Different(IReadOnlyList<string> found) => [.. found.DistinctBy(Files.CanonicalPath.Of, StringComparer.Ordinal)];

    private static List<string> InDebianDirectories(string root) => Directory.Exists(root)
        ? Existing(Directory.EnumerateDirectories(root).Select(d => Path.Combine(d, "bin")))
        : [];

    private static List<string> Existing(IEnumerable<string> directories) =>
        [.. directories.Where(Path.IsPathRooted).Select(d => Path.Combine(d, "pg_ctl")).Where(File.Exists)];
}
