using PgAutoFailover.Postgres.Settings;

namespace PgAutoFailover.Postgres.Files;

/// <summary>Where a file lies that belongs to a data directory and must not be in it: no copy of the cluster may take it along.</summary>
internal static class FileBeside
{
    public static string PathOf(PostgresOptions options, string extension) => options.StateDirectory is { } directory
        ? Path.Combine(directory, $"pg_autoctl.{extension}")
        : $"{options.PgData.TrimEnd('/')}.{extension}";
}
