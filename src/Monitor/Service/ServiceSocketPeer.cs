using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Monitor.Service;

/// <summary>Who is at the other end of a unix socket, as the kernel says it.</summary>
internal static partial class ServiceSocketPeer
{
    // SOL_SOCKET and SO_PEERCRED of Linux, on x86 and ARM. The value is struct ucred: pid, uid, gid.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>Null for a process of our own user or of root.</summary>
    public static string? WhyRefused(Socket client)
    {
        Span<int> credentials = stackalloc int[3];
        var bytes = MemoryMarshal.AsBytes(credentials);
        var length = client.GetRawSocketOption(SocketLevel, PeerCredentials, bytes);
        if (length != bytes.Length)
        {
            return "the kernel does not say who connects";
        }

        var uid = (uint)credentials[1];
        return uid == 0 || uid == EffectiveUserId()
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"user {uid} may not use the service");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();
}
