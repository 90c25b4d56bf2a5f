using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Monitor.Tests.Server;

/// <summary>
/// PostgreSQL refuses to run as root, and the service accepts only its own user. Started by root, this whole process becomes the
/// user postgres before the first test: then server, service and tests are one user, as they are in production.
/// </summary>
internal static partial class Unprivileged
{
    [ModuleInitializer]
    internal static void BecomePostgres()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        var entry = File.ReadLines("/etc/passwd").Select(l => l.Split(':')).FirstOrDefault(f => f[0] == "postgres")
            ?? throw new InvalidOperationException("run as root, the tests need a user named postgres");
        var uid = uint.Parse(entry[2], CultureInfo.InvariantCulture);
        var gid = uint.Parse(entry[3], CultureInfo.InvariantCulture);
        if (SetGroups(0, 0) != 0 || SetGid(gid) != 0 || SetUid(uid) != 0)
        {
            throw new InvalidOperationException("cannot become the user postgres");
        }
    }

    [LibraryImport("libc", EntryPoint = "setgroups")]
    private static partial int SetGroups(nint count, nint list);

    [LibraryImport("libc", EntryPoint = "setgid")]
    private static partial int SetGid(uint gid);

    [LibraryImport("libc", EntryPoint = "setuid")]
    private static partial int SetUid(uint uid);
}
