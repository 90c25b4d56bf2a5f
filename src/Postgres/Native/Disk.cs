using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Postgres.Native;

/// <summary>Makes sure that what was written survives a power failure.</summary>
internal static class Disk
{
    /// <summary>Flushes a directory's entries: a rename in it is durable afterwards.</summary>
    public static void FlushDirectory(string path) => With(path, Libc.Fsync);

    /// <summary>
    /// Flushes the whole file system that holds <paramref name="path"/>. After a program that wrote many files without flushing
    /// each, this is far quicker than flushing them one by one.
    /// </summary>
    public static void FlushFileSystem(string path) => With(path, Libc.SyncFs);

    private static void With(string path, Func<int, int> flush)
    {
        var descriptor = Libc.Open(path, Libc.ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"could not open directory \"{path}\": {LastError()}");
        }

        try
        {
            if (flush(descriptor) != 0)
            {
                throw new IOException($"could not flush \"{path}\" to disk: {LastError()}");
            }
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;
}
