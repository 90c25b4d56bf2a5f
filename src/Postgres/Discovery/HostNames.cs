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

    /// <summary>The first of the addresses whose name is this one; null where none has it.</summary>
    public static async Task<IPAddress?> FindResolvingBackAsync(string host, IEnumerable<IPAddress> addresses, CancellationToken cancellationToken)
    {
        foreach (var address in addresses)
        {
            try
            {
                var back = await Dns.GetHostEntryAsync(address.ToString(), cancellationToken);
                if (back.Aliases.Append(back.HostName).Contains(host, StringComparer.OrdinalIgnoreCase))
                {
                    return address;
                }
            }
            catch (SocketException)
            {
                // No name for this address.
            }
        }

        return null;
    }
}
