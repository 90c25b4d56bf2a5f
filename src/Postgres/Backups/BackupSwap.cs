using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Backups;

/// <summary>Puts a complete base backup in the place of the data directory.</summary>
internal static class BackupSwap
{
    private const string Hint = "Set replication.backup_directory to a place on the file system of the data directory, "
        + $"or to \"{BackupPlace.InPlace}\" to make base backups in the data directory itself.";

    /// <summary>
    /// Two renames, where that is possible. A data directory that is a mount point cannot be renamed: its content is moved instead,
    /// <c>PG_VERSION</c> last, without which nothing takes the directory for a cluster.
    /// </summary>
    public static void Run(string backup, string pgData)
    {
        // Beside the backup, where everything is ours: "PGDATA.old" is what an operator calls what he wants to keep.
        var old = backup.TrimEnd('/') + ".replaced";
        pgData = CanonicalPath.Of(pgData);
        try
        {
            Delete(old);
            if (Directory.Exists(pgData))
            {
                Directory.Move(pgData, old);
            }

            Directory.Move(backup, pgData);
            Disk.FlushDirectory(Path.GetDirectoryName(pgData)!); // a data directory is not the root directory
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(pgData) && Directory.Exists(old))
            {
                Directory.Move(old, pgData);
            }

            MoveContent(backup, pgData);
        }

        Delete(old);
    }

    /// <summary>Refuses before anything is copied what could not be moved afterwards.</summary>
    /// <exception cref="PostgresException">The two are not on one file system.</exception>
    public static void RefuseOtherFileSystem(string backup, string pgData)
    {
        var real = CanonicalPath.Of(pgData);
        var place = Directory.Exists(real) ? real : Path.GetDirectoryName(real)!; // a data directory is not the root directory
        var probe = backup.TrimEnd('/') + ".probe";
        Directory.CreateDirectory(probe);
        var moved = Path.Combine(place, Path.GetFileName(probe));
        try
        {
            Directory.Move(probe, moved);
        }
        catch (IOException e)
        {
            throw new PostgresException($"a base backup in \"{backup}\" could not be moved to \"{pgData}\": {e.Message}", Hint, e);
        }
        finally
        {
            Delete(probe);
            Delete(moved);
        }
    }

    private static void MoveContent(string backup, string pgData)
    {
        const string Last = "PG_VERSION";
        File.Delete(Path.Combine(pgData, Last));
        Disk.FlushDirectory(pgData);
        ClusterFiles.Empty(pgData);
        try
        {
            foreach (var entry in new DirectoryInfo(backup).EnumerateFileSystemInfos().Where(e => e.Name != Last))
            {
                Move(entry, Path.Combine(pgData, entry.Name));
            }

            Disk.FlushFileSystem(pgData);
            File.Move(Path.Combine(backup, Last), Path.Combine(pgData, Last));
            Disk.FlushDirectory(pgData);
            Directory.Delete(backup, recursive: true);
        }
        catch (IOException e)
        {
            throw new PostgresException(
                $"could not move the base backup \"{backup}\" into \"{pgData}\": {e.Message}", Hint, e);
        }
    }

    private static void Move(FileSystemInfo entry, string target)
    {
        if (entry is DirectoryInfo directory)
        {
            directory.MoveTo(target);
        }
        else
        {
            File.Move(entry.FullName, target);
        }
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
