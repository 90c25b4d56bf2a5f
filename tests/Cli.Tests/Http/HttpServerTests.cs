using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Cli.Http;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Http;

public sealed class HttpServerTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpServer _server;
    private readonly Task _running;

    public HttpServerTests()
    {
        _server = new HttpServer(
            new IPEndPoint(IPAddress.Loopback, 0),
            (request, _) => request.Path == "/broken" ? throw new InvalidOperationException() : Task.FromResult(HttpReply.Ok($"{request.Path} {request.Query}")),
            NullLogger.Instance,
            TimeProvider.System);
        _running = _server.RunAsync(_stop.Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Theory]
    [InlineData("GET /primary HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK", "/primary \n")]
    [InlineData("GET /replica?lag=16MB HTTP/1.0\r\n\r\n", "200 OK", "/replica lag=16MB\n")]
    [InlineData("HEAD /primary HTTP/1.1\r\n\r\n", "200 OK", "")]
    [InlineData("OPTIONS /primary HTTP/1.0\r\n\r\n", "200 OK", "")]
    [InlineData("POST /primary HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "405 Method Not Allowed", "pages are read with GET, HEAD or OPTIONS\n")]
    [InlineData("GET /broken HTTP/1.1\r\n\r\n", "503 Service Unavailable", "this page cannot be made now: see the log\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "400 Bad Request", "this is no HTTP request\n")]
    [InlineData("GET http://elsewhere/ HTTP/1.1\r\n\r\n", "400 Bad Request", "this is no HTTP request\n")]
    public async Task A_request_gets_one_answer_and_the_end_of_the_connection(string request, string status, string body)
    {
        var reply = await AskAsync(Encoding.ASCII.GetBytes(request));

        reply.ShouldStartWith($"HTTP/1.1 {status}\r\n");
        reply[(reply.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].ShouldBe(body);
    }

    [Fact]
    public async Task A_request_without_end_is_cut_off() =>
        (await AskAsync([.. "GET / HTTP/1.1\r\nX: "u8, .. Enumerable.Repeat((byte)'x', HttpRequest.MostBytes)])).ShouldStartWith("HTTP/1.1 431 ");

    [Fact]
    public async Task A_request_that_comes_in_pieces_is_understood()
    {
        using var client = await ConnectAsync();
        foreach (var piece in new[] { "GE", "T /a HT", "TP/1.1\r", "\n\r", "\n" })
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(piece), Token);
            await Task.Yield();
        }

        (await ReadAsync(client)).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task Clients_that_say_nothing_keep_nobody_else_out_for_longer_than_patience_lasts()
    {
        var silent = await Task.WhenAll(Enumerable.Range(0, HttpServer.MostConnections).Select(_ => ConnectAsync()));

        // Beyond the limit a connection is closed at once; when patience with the silent ones is over, there is room again.
        var started = TimeProvider.System.GetTimestamp();
        string reply;
        do
        {
            reply = await TryAskAsync("GET /a HTTP/1.1\r\n\r\n"u8.ToArray());
        }
        while (reply.Length == 0 && TimeProvider.System.GetElapsedTime(started) < 4 * HttpServer.Patience);

        reply.ShouldStartWith("HTTP/1.1 200 ");
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(HttpServer.Patience / 2, "there was room all the time");
        foreach (var client in silent)
        {
            (await ReadAsync(client)).ShouldBe("");
            client.Dispose();
        }
    }

    private async Task<string> AskAsync(byte[] request)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(request, Token);
        return await ReadAsync(client);
    }

    private async Task<string> TryAskAsync(byte[] request)
    {
        try
        {
            return await AskAsync(request);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        while (_server.Listening is null)
        {
            await Task.Delay(1, Token);
        }

        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_server.Listening, Token);
        return client;
    }

    private static async Task<string> ReadAsync(Socket client)
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        while (await client.ReceiveAsync(buffer, Token) is var count and > 0)
        {
            all.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString([.. all]);
    }
}
