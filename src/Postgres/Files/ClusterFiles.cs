using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Files;

/// <summary>What tells a data directory that holds a cluster from one that does not, or not any more.</summary>
internal static class ClusterFiles
{
    public static bool Exist(string pgData) => File.Exists(Path.Combine(pgData, "PG_VERSION")) && File.Exists(ControlFile.PathIn(pgData));

    public static int MajorVersion(string pgData) => int.Parse(File.ReadAllText(Path.Combine(pgData, "PG_VERSION")).Trim());

    /// <summary>The error that says why no server can run there, or null when one can.</summary>
    public static PostgresException? WhatIsMissing(string pgData)
    {
        if (!Directory.Exists(pgData))
        {
            return new PostgresException($"the data directory \"{pgData}\" does not exist");
        }

        if (!File.Exists(Path.Combine(pgData, "PG_VERSION")))
        {
            return new PostgresException($"\"{pgData}\" does not hold a PostgreSQL cluster: it has no file PG_VERSION");
        }

        return File.Exists(ControlFile.PathIn(pgData))
            ? null
            : new PostgresException(
                $"the control file \"{ControlFile.PathIn(pgData)}\" is missing: the data directory is damaged",
                "Bring it back from a backup, or move it away and create the node again from a base backup.");
    }

    /// <summary>Removes everything in a directory and leaves the directory, which may be a mount point.</summary>
    public static void Empty(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            // A symbolic link to a directory is removed, not followed.
            if (entry is DirectoryInfo { LinkTarget: null } subdirectory)
            {
                subdirectory.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
