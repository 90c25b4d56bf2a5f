namespace PgAutoFailover.Postgres.Backups;

/// <summary>
/// A cluster's <c>pg_wal</c> where it is a symbolic link to another disk. That is how this machine is laid out and not part of the
/// data: it stays when the data are copied anew. What the directory holds goes with the old copy.
/// </summary>
internal static class WalDirectory
{
    /// <summary>Absolute path of the directory outside of the data directory; null where there is none.</summary>
    public static string? Of(string pgData) =>
        new FileInfo(Path.Combine(pgData, "pg_wal")).LinkTarget is { } target && Path.IsPathRooted(target) && Directory.Exists(target) ? target : null;
}
