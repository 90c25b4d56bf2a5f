namespace PgAutoFailover.Postgres.Backups;

/// <summary>A cluster's directories in tablespaces outside of it. A base backup puts them in the same places as on its upstream.</summary>
internal static class Tablespaces
{
    /// <summary>
    /// The directories that hold the cluster's own files: other clusters, of another major version, may have theirs beside them.
    /// </summary>
    public static List<string> OwnDirectoriesOf(string pgData)
    {
        var version = Path.Combine(pgData, "PG_VERSION");
        return File.Exists(version)
            ? [.. Of(pgData).SelectMany(t => Directory.EnumerateDirectories(t, $"PG_{File.ReadAllText(version).Trim()}_*"))]
            : [];
    }

    public static List<string> Of(string pgData)
    {
        var links = new DirectoryInfo(Path.Combine(pgData, "pg_tblspc"));
        return links.Exists
            ? [.. links.EnumerateFileSystemInfos().Select(l => l.LinkTarget).OfType<string>().Where(Path.IsPathRooted).Where(Directory.Exists)]
            : [];
    }
}
