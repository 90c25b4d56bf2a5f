using PgAutoFailover.Postgres.Files;

namespace PgAutoFailover.Postgres.Backups;

/// <summary>Where the base backups of a data directory are made, unless an operator says otherwise.</summary>
public static class BackupPlace
{
    /// <summary>In place of a directory: base backups are made in the data directory itself, without a second copy on disk.</summary>
    public const string InPlace = "direct";

    /// <summary>
    /// Beside the data directory, so that a rename puts a backup in its place. A data directory that is a file system of its own has
    /// nothing beside it where that is possible: then in place.
    /// </summary>
    public static string DefaultFor(string pgData, long nodeId)
    {
        var real = CanonicalPath.Of(pgData);
        return IsMountPoint(real) ? InPlace : Path.Join(Path.GetDirectoryName(real), "backup", $"node_{nodeId}");
    }

    // The fifth field is the mount point, with blanks as octal numbers.
    private static bool IsMountPoint(string path) =>
        File.ReadLines("/proc/self/mountinfo").Any(l => l.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal) == path);
}
