using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Systemd;

/// <summary>The socket on which a service manager hears from its services: a datagram for each message, of lines <c>NAME=value</c> (sd_notify(3)).</summary>
internal sealed class NotifySocket : IDisposable
{
    // A manager that does not read must not keep a node from its work.
    private const int SendLimitMs = 1000;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = SendLimitMs };
    private readonly UnixDomainSocketEndPoint _manager;
    private readonly ILogger _log;

    private NotifySocket(UnixDomainSocketEndPoint manager, ILogger log) => (_manager, _log) = (manager, log);

    /// <summary>Null where nobody listens: without a service manager, or with one that speaks another way.</summary>
    /// <param name="address">Value of <c>NOTIFY_SOCKET</c>: a path, or with a leading <c>@</c> a name in Linux' abstract namespace.</param>
    public static NotifySocket? Open(string? address, ILogger log) => address switch
    {
        ['@', _, ..] => new(new UnixDomainSocketEndPoint($"\0{address[1..]}"), log),
        ['/', _, ..] => new(new UnixDomainSocketEndPoint(address), log),
        _ => null,
    };

    /// <summary>A message that cannot be sent is logged, and changes nothing else.</summary>
    public void Send(string message)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _manager);
        }
        catch (SocketException exception)
        {
            _log.ManagerNotTold(message, exception.Message);
        }
    }

    public void Dispose() => _socket.Dispose();
}
