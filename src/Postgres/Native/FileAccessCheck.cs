namespace PgAutoFailover.Postgres.Native;

/// <summary>What this process may do with files, as the system itself says: permissions, access lists and read-only file systems included.</summary>
public static class FileAccessCheck
{
    public static bool CanWriteIn(string directory) => Libc.Access(directory, Libc.MayWrite | Libc.MayEnter) == 0;
}
