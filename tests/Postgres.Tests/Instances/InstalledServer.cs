namespace PgAutoFailover.Postgres.Tests.Instances;

/// <summary>PostgreSQL's programs on the machine that runs the tests: the newest major version that is installed.</summary>
internal static class InstalledServer
{
    public static string PgCtl { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", "pg_ctl")).Where(File.Exists).Order(StringComparer.Ordinal).Last()
        : throw new InvalidOperationException("PostgreSQL's server is not installed below /usr/lib/postgresql");
}
