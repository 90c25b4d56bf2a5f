using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Postgres.Hba;

/// <summary>
/// What to write into <c>pg_hba.conf</c> for a node's host: its name where that resolves both ways, as <see cref="HostNames"/> says, else its
/// address.
/// </summary>
internal sealed class HbaAddress(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public async Task<string> OfAsync(string host, CancellationToken cancellationToken)
    {
        if (host.Contains('/', StringComparison.Ordinal))
        {
            return host;
        }

        if (IPAddress.TryParse(host, out var literal))
        {
            return WithMask(literal);
        }

        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, either.Token);
            if (addresses.Length == 0 || await HostNames.FindResolvingBackAsync(host, addresses, either.Token) is not null)
            {
                return host;
            }

            var chosen = WithMask(addresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0]);
            Log.HbaUsesAddress(logger, host, chosen);
            return chosen;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A name that does not resolve now may do so later; an address to write instead there is none.
            return host;
        }
    }

    private static string WithMask(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"{address}/128" : $"{address}/32";
}
