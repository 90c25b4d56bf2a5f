namespace PgAutoFailover.Postgres.Backups;

/// <summary>A cluster's directories in tablespaces outside of it. A base backup puts them in the same places as on its upstream.</summary>
internal static class Tablespaces
{
    public static List<string> Of(string pgData)
    {
        var links = new DirectoryInfo(Path.Combine(pgData, "pg_tblspc"));
        return links.Exists
            ? [.. links.EnumerateFileSystemInfos().Select(l => l.LinkTarget).OfType<string>().Where(Path.IsPathRooted).Where(Directory.Exists)]
            : [];
    }
}
