using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Http;

/// <summary>The pages of a service that runs, at the address that its configuration names at the time; nowhere while it names none.</summary>
internal sealed class PagesService(NodeConfig config, Func<HttpRequest, CancellationToken, Task<HttpReply>> answer, ILogger log, TimeProvider time)
{
    // Of several changes only the last one counts.
    private readonly Channel<IPEndPoint?> _changes = Channel.CreateBounded<IPEndPoint?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private IPEndPoint? _address = HttpAddress.Of(config);

    /// <summary>Takes the address of another configuration up. Where it is the same, whoever is being served notices nothing.</summary>
    public void Reload(NodeConfig changed) => _changes.Writer.TryWrite(HttpAddress.Of(changed));

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var moved = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var changing = NextAsync(moved.Token);
            var serving = _address is { } address ? new HttpServer(address, answer, log, time).RunAsync(moved.Token) : Task.Delay(Timeout.InfiniteTimeSpan, time, moved.Token);
            await Task.WhenAny(changing, serving);
            await moved.CancelAsync();
            await ((Task)changing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await serving;
            }
            catch (OperationCanceledException) when (changing.IsCompletedSuccessfully)
            {
                // Its connections are closed, and the port is free.
            }

            var next = await changing;
            if (next is null)
            {
                log.HttpStopped(_address!.ToString()); // another one than none
            }

            _address = next;
        }
    }

    /// <summary>The next address that is another one than now.</summary>
    private async Task<IPEndPoint?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await _changes.Reader.ReadAsync(cancellationToken) is var next && !Equals(next, _address))
            {
                return next;
            }
        }
    }
}
