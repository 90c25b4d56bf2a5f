using System.Security.Cryptography;
using System.Text;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Where the monitor's service listens: beside the pidfile, under a name that is the same at each start, so that sessions of the
/// SQL API find a restarted service again. The kernel allows 107 bytes for a socket's path; where a data directory's path is
/// too long for that, a short name is made from it.
/// </summary>
internal static class ServiceSocketPath
{
    private const int LongestPath = 107;
    private const string SocketName = "/.s.PGSQL.65535";

    public static string Directory(ConfigPaths paths)
    {
        var directory = Path.Join(paths.RuntimeDirectory, "service");
        if (Encoding.UTF8.GetByteCount(directory) + SocketName.Length <= LongestPath)
        {
            return directory;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(paths.RuntimeDirectory)).AsSpan(0, 8));
        return Path.Join("/tmp", $"pg_autoctl_{Environment.UserName}_{hash}");
    }
}
