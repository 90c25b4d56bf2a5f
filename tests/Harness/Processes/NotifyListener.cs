using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Harness.Processes;

/// <summary>A service manager's end of <c>NOTIFY_SOCKET</c>: a real datagram socket that keeps what it is told.</summary>
public sealed class NotifyListener : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Task _hearing;

    /// <param name="address">As in the variable: a path, or a name after <c>@</c>.</param>
    public NotifyListener(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address.Replace('@', '\0')));
        _hearing = HearAsync();
    }

    public string Address { get; }

    public IReadOnlyList<string> Heard => [.. _heard];

    public int Beats => _heard.Count(m => m == "WATCHDOG=1");

    /// <summary>Waits until what was heard so far is as wanted.</summary>
    public Task UntilAsync(string what, Func<IReadOnlyList<string>, bool> condition, CancellationToken cancellationToken) =>
        Patience.UntilAsync($"the service manager hears {what}", () => condition(Heard), Patience.Default, () => string.Join(" | ", Heard), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _hearing;
    }

    private async Task HearAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int length = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                _heard.Enqueue(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }
}
