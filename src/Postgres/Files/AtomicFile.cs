using System.Text;
using PgAutoFailover.Postgres.Native;

namespace PgAutoFailover.Postgres.Files;

/// <summary>Files of which a reader, or a crash, sees either the old content or the new.</summary>
internal static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes <paramref name="content"/> where it differs from what is there. True when it did.</summary>
    public static bool Write(string path, string content)
    {
        if (File.Exists(path) && File.ReadAllText(path) == content)
        {
            return false;
        }

        Replace(path, Encoding.UTF8.GetBytes(content));
        return true;
    }

    /// <summary>Writes a file that only its owner can read; follows a symbolic link to the file that it stands for.</summary>
    public static void Replace(string path, byte[] content)
    {
        var target = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;
        var temporary = target + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = File.Exists(target) ? File.GetUnixFileMode(target) : OwnerOnly,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, target, overwrite: true);
        Disk.FlushDirectory(Path.GetDirectoryName(target)!); // a file has a directory
    }

    /// <summary>Deletes a file for good. True when there was one.</summary>
    public static bool Delete(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        Disk.FlushDirectory(Path.GetDirectoryName(path)!); // a file has a directory
        return true;
    }
}
