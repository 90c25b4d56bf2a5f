using System.Net;
using System.Net.Sockets;

namespace PgAutoFailover.Harness.Networks;

/// <summary>Ports that nobody listens on at this moment.</summary>
public static class FreePorts
{
    // Below the range that the kernel hands out by itself, so that an outgoing connection of somebody does not take the port
    // between its choice and its use (or while a killed server is away).
    private const int First = 20000;
    private const int Last = 32000;

    public static int[] Take(int count)
    {
        var ports = new List<int>(count);
        while (ports.Count < count)
        {
            int port = Random.Shared.Next(First, Last);
            if (!ports.Contains(port) && IsFree(port))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
