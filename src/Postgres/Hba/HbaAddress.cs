using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Discovery;

namespace PgAutoFailover.Postgres.Hba;

/// <summary>
/// What to write into <c>pg_hba.conf</c> for a node's host: its name where that resolves both ways, as <see cref="HostNames"/> says, and each
/// address of it that does not resolve back, since nobody knows by which one it connects.
/// </summary>
internal sealed class HbaAddress(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<string>> OfAsync(string host, CancellationToken cancellationToken)
    {
        if (host.Contains('/', StringComparison.Ordinal))
        {
            return [host];
        }

        if (IPAddress.TryParse(host, out var literal))
        {
            return [WithMask(literal)];
        }

        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var addresses = await HostNames.AddressesOfAsync(host, either.Token);
            var chosen = Choose(host, addresses, await HostNames.ResolvingBackAsync(host, addresses, either.Token));
            if (chosen.Where(a => a != host).ToList() is { Count: > 0 } instead)
            {
                Log.HbaUsesAddress(logger, host, string.Join(", ", instead));
            }

            return chosen;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A name that does not resolve now may do so later; an address to write instead there is none.
            return [host];
        }
    }

    /// <param name="host">A name.</param>
    /// <param name="addresses">What it resolves to.</param>
    /// <param name="back">Those of them that resolve to the name again.</param>
    internal static IReadOnlyList<string> Choose(string host, IReadOnlyList<IPAddress> addresses, IReadOnlyList<IPAddress> back)
    {
        // A link-local address of a name is for neighbours that know the interface, too: no node connects by it.
        var instead = addresses.Except(back).Where(a => !a.IsIPv6LinkLocal).Select(WithMask).ToList();
        return instead.Count == 0 ? [host] : back.Count == 0 ? instead : [host, .. instead];
    }

    private static string WithMask(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? $"{new IPAddress(address.GetAddressBytes())}/128" // without the interface that a link-local address comes with
        : $"{address}/32";
}
