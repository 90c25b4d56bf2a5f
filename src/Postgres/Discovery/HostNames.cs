using System.Net;
using System.Net.Sockets;

namespace PgAutoFailover.Postgres.Discovery;

/// <summary>
/// Host names as PostgreSQL's HBA rules match them: it looks up the name of the client's address, and then the addresses of that
/// name, so that a name that does not resolve both ways matches nobody.
/// </summary>
public static class HostNames
{
    /// <summary>The addresses of a name, those of IPv4 first; none where it does not resolve.</summary>
    public static async Task<IReadOnlyList<IPAddress>> AddressesOfAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(host, cancellationToken)).OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)];
        }
        catch (SocketException)
        {
            return [];
        }
    }

    /// <summary>Those of the addresses whose name is this one. A name has to come first: other names of an address do not count with PostgreSQL.</summary>
    public static async Task<IReadOnlyList<IPAddress>> ResolvingBackAsync(string host, IEnumerable<IPAddress> addresses, CancellationToken cancellationToken)
    {
        var found = new List<IPAddress>();
        foreach (var address in addresses)
        {
            try
            {
                var back = await Dns.GetHostEntryAsync(address.ToString(), cancellationToken);
                if (back.HostName.Equals(host, StringComparison.OrdinalIgnoreCase))
                {
                    found.Add(address);
                }
            }
            catch (SocketException)
            {
                // No name for this address.
            }
        }

        return found;
    }
}
