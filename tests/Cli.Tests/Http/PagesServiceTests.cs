using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Http;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Http;

public sealed class PagesServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pages_follow_the_configuration()
    {
        var (first, second) = (FreePort(), FreePort());
        var pages = new PagesService(At(0), (request, _) => Task.FromResult(HttpReply.Ok(request.Path)), NullLogger.Instance, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = pages.RunAsync(stop.Token);

        pages.Reload(At(first));
        await UntilAsync(first, isServed: true);
        pages.Reload(At(first));
        pages.Reload(At(second));
        await UntilAsync(second, isServed: true);
        await UntilAsync(first, isServed: false);
        pages.Reload(At(0));
        await UntilAsync(second, isServed: false);
        pages.Reload(At(first));
        await UntilAsync(first, isServed: true);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await UntilAsync(first, isServed: false);
    }

    private static NodeConfig At(int port) => NodeConfig.New(ConfigKeys.KeeperRole).With(ConfigKeys.HttpPort, port);

    private static async Task UntilAsync(int port, bool isServed)
    {
        while (await AnswersAsync(port) != isServed)
        {
            await Task.Delay(5, Token);
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Token);
            await client.SendAsync(Encoding.ASCII.GetBytes("GET /x HTTP/1.0\r\n\r\n"), Token);
            return await client.ReceiveAsync(new byte[100], Token) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
