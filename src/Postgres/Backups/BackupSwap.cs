using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Backups;

/// <summary>Puts a complete base backup in the place of the data directory.</summary>
internal static class BackupSwap
{
    /// <summary>
    /// Two renames, where that is possible. A data directory that is a mount point cannot be renamed: its content is moved instead,
    /// <c>PG_VERSION</c> last, without which nothing takes the directory for a cluster.
    /// </summary>
    public static void Run(string backup, string pgData)
    {
        var old = pgData.TrimEnd('/') + ".old";
        try
        {
            Delete(old);
            if (Directory.Exists(pgData))
            {
                Directory.Move(pgData, old);
            }

            Directory.Move(backup, pgData);
            Disk.FlushDirectory(Path.GetDirectoryName(pgData.TrimEnd('/'))!); // a data directory is not the root directory
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
                $"could not move the base backup \"{backup}\" into \"{pgData}\": {e.Message}",
                "replication.backup_directory must be on the file system of the data directory; without one, backups are made in place.", e);
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
