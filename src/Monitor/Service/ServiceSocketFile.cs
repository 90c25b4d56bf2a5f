using System.Net.Sockets;
using System.Text;

namespace PgAutoFailover.Monitor.Service;

/// <summary>The place of the service's socket: a directory that is ours alone, and no leftover of a service that died.</summary>
internal static class ServiceSocketFile
{
    // sun_path of struct sockaddr_un is 108 bytes with its terminating zero.
    private const int MaxPathBytes = 107;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Prepare(ServiceAddress address)
    {
        var path = address.SocketPath;
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            throw new IOException($"the path of the service's socket is longer than {MaxPathBytes} bytes: {path}");
        }

        Directory.CreateDirectory(address.Directory, OwnerOnly);
        File.SetUnixFileMode(address.Directory, OwnerOnly); // fails where the directory is somebody else's
        if (File.Exists(path))
        {
            RemoveLeftover(path);
        }
    }

    private static void RemoveLeftover(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"another service listens on {path}");
    }
}
