using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Http;

/// <summary>
/// The few pages that a node and a monitor show: one request a connection, and nothing that a client does may cost more than it is worth. Written
/// on a socket, because a web server is ten times as large as all that is served here, and has to start beside a database.
/// </summary>
internal sealed class HttpServer(IPEndPoint address, Func<HttpRequest, CancellationToken, Task<HttpReply>> answer, ILogger log, TimeProvider time)
{
    /// <summary>More than load balancers and a collector of metrics ever have open at a time; what is beyond is closed at once.</summary>
    public const int MostConnections = 32;

    /// <summary>For all of it: the request to arrive, the answer to be made and taken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private int _open;

    /// <summary>The address that is listened on, once it is.</summary>
    public IPEndPoint? Listening { get; private set; }

    /// <summary>Serves until cancelled. An address that cannot be had is tried again: the node is more important than its pages.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var told = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await ServeAsync(cancellationToken);
            }
            catch (SocketException exception)
            {
                if (!told)
                {
                    told = true;
                    log.HttpNotListening(address.ToString(), exception.Message);
                }
            }

            await Task.Delay(s_retry, time, cancellationToken);
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen(MostConnections);
        Listening = (IPEndPoint)listener.LocalEndPoint!; // bound
        log.HttpListening(Listening.ToString());
        var running = new HashSet<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(cancellationToken);
                running.RemoveWhere(t => t.IsCompleted);
                if (Interlocked.Increment(ref _open) > MostConnections)
                {
                    Interlocked.Decrement(ref _open);
                    client.Dispose();
                    continue;
                }

                running.Add(ServeAsync(client, cancellationToken));
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    /// <summary>One request and its answer. Never fails: whatever a client does is its own affair.</summary>
    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using (client)
            {
                client.NoDelay = true;
                var (request, refusal) = await ReadAsync(client, either.Token);
                var reply = refusal ?? await AnswerAsync(request!, either.Token); // one of the two is there
                await SendAsync(client, reply.ToBytes(withBody: request?.Method is not ("HEAD" or "OPTIONS")), either.Token);

                // What a client still sends when its connection is closed would take the answer away from it.
                client.Shutdown(SocketShutdown.Send);
                await client.ReceiveAsync(new byte[1024], either.Token);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            log.HttpConnectionLost(exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<HttpReply> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Method is not ("GET" or "HEAD" or "OPTIONS"))
        {
            return HttpReply.Line(405, "pages are read with GET, HEAD or OPTIONS");
        }

        try
        {
            return await answer(request, cancellationToken);
        }
#pragma warning disable CA1031 // A page that cannot be made is one page, and says so to whoever asked.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.HttpPageFailed(request.Path, exception);
            return HttpReply.Unavailable("this page cannot be made now: see the log");
        }
    }

    private static async Task<(HttpRequest? Request, HttpReply? Refusal)> ReadAsync(Socket client, CancellationToken cancellationToken)
    {
        var buffer = new byte[HttpRequest.MostBytes];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await client.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (HttpRequest.HeadLength(buffer.AsSpan(0, length)) is var head and > 0)
            {
                return HttpRequest.Parse(buffer.AsSpan(0, head)) is { } request
                    ? (request, null)
                    : (null, HttpReply.Line(400, "this is no HTTP request"));
            }

            if (read == 0)
            {
                return (null, HttpReply.Line(400, "the request ends before its empty line"));
            }
        }

        return (null, HttpReply.Line(431, $"a request may have {HttpRequest.MostBytes} bytes"));
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, cancellationToken)..];
        }
    }
}
