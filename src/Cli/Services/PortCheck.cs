using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Refuses a creation whose port is somebody else's before anything is made or registered. The port may still be taken a moment
/// later: then the start of PostgreSQL says so.
/// </summary>
internal static class PortCheck
{
    /// <exception cref="CommandFailure">Something listens on the port that PostgreSQL is to listen on.</exception>
    public static void RefuseIfTaken(NodeConfig config, string pgData)
    {
        if (LocalPostgres.Read(pgData) is not null
            || !int.TryParse(config[ConfigKeys.Port], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return;
        }

        RefuseIfTaken(port, config[ConfigKeys.ListenAddresses] ?? "*", "--pgport");
    }

    /// <exception cref="CommandFailure">Something listens on the port.</exception>
    public static void RefuseIfTaken(int port, string listenAddresses, string option)
    {
        if (Addresses(listenAddresses).Any(a => IsTaken(a, port)))
        {
            throw new CommandFailure(
                ExitCode.PostgresControl,
                $"Port {port} is taken: another program listens on it",
                $"Choose another port with {option}, or stop that program, and run the command again");
        }
    }

    private static IEnumerable<IPAddress> Addresses(string listenAddresses) => listenAddresses == "*"
        ? [IPAddress.Any, IPAddress.IPv6Any]
        : listenAddresses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(a => a == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(a, out var address) ? address : null)
            .OfType<IPAddress>();

    private static bool IsTaken(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
