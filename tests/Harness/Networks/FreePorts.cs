using System.Collections.Concurrent;
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

    // Tests run beside each other, and some use theirs much later.
    private static readonly ConcurrentDictionary<int, byte> s_taken = new();

    public static int[] Take(int count)
    {
        var ports = new List<int>(count);
        while (ports.Count < count)
        {
            int port = Random.Shared.Next(First, Last);
            if (IsFree(port) && s_taken.TryAdd(port, 0))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    /// <summary>The first of several in a row.</summary>
    public static int TakeRow(int count)
    {
        int first;
        do
        {
            first = Random.Shared.Next(First, Last - count);
        }
        while (!AreFree(first, count) || !Enumerable.Range(first, count).All(p => s_taken.TryAdd(p, 0)));

        return first;
    }

    /// <summary>Nobody listens on any of them.</summary>
    public static bool AreFree(int first, int count) => Enumerable.Range(first, count).All(IsFree);

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
