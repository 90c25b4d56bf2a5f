using System.Globalization;

namespace PgAutoFailover.Harness;

/// <summary>What the tests run: the executable under test and PostgreSQL's own programs.</summary>
/// <remarks>
/// <c>PG_AUTOCTL</c> names another executable with the same command line, for instance an installed pg_auto_failover, so that
/// the same tests and measurements can run against it. <c>PG_BINDIR</c> names the PostgreSQL to use.
/// </remarks>
public static class Binaries
{
    public static string PgAutoctl { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("PG_AUTOCTL") is { Length: > 0 } named ? named : Path.Combine(RepositoryRoot(), "dist", "pg_autoctl"));

    public static string PostgresDirectory { get; } = FindPostgres();

    public static string Postgres(string program) => Path.Combine(PostgresDirectory, program);

    /// <summary>Fails with a sentence that says what to do, rather than with a file-not-found from deep inside a test.</summary>
    public static void Require()
    {
        if (!File.Exists(PgAutoctl))
        {
            throw new InvalidOperationException($"{PgAutoctl} does not exist: build it with ./build.sh build, or name one in PG_AUTOCTL");
        }
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PgAutoFailover.slnx")))
            {
                return at.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }

    private static string FindPostgres()
    {
        if (Environment.GetEnvironmentVariable("PG_BINDIR") is { Length: > 0 } named)
        {
            return named;
        }

        const string Debian = "/usr/lib/postgresql";
        string? newest = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian)
                .Where(d => File.Exists(Path.Combine(d, "bin", "initdb")))
                .OrderByDescending(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 0)
                .FirstOrDefault()
            : null;
        if (newest is not null)
        {
            return Path.Combine(newest, "bin");
        }

        string? onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")));
        return onPath ?? throw new InvalidOperationException("no PostgreSQL server programs found: name their directory in PG_BINDIR");
    }
}
