using System.Collections.Immutable;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Promoter.Settings;

/// <summary>
/// libpq's connection strings, in both forms: <c>host=a port=5432 password='it''s'</c> and <c>postgresql://</c>. Errors never repeat a value.
/// </summary>
internal static class Conninfo
{
    // What libpq does with these is nothing that a look needs: the looks try each host by itself, ask each whether it is the primary, and
    // have their own timeouts.
    private static readonly HashSet<string> s_ignored = new(StringComparer.Ordinal)
    {
        "connect_timeout", "target_session_attrs", "load_balance_hosts", "replication", "options", "gssdelegation", "gsslib", "krbsrvname",
        "requirepeer", "ssl_max_protocol_version", "min_protocol_version", "max_protocol_version", "sslcertmode", "require_auth", "sslnegotiation",
    };

    /// <summary>Each host of a connection string as a connection of its own.</summary>
    /// <exception cref="FormatException">It is none, or asks for what cannot be done.</exception>
    public static ImmutableArray<ConnectionUri> Parse(string text)
    {
        var uri = IsUri(text) ? ParseUri(text) : ConnectionKeywords.ToUri(text);
        foreach (var (key, _) in uri.Parameters.Where(p => s_ignored.Contains(p.Key)).ToList())
        {
            uri = uri.With(key, null);
        }

        uri = WithHostAddresses(uri);
        var hosts = uri.Hosts.Where(h => h.Host.Length > 0).ToImmutableArray();
        if (hosts.IsEmpty)
        {
            throw new FormatException("the connection string names no host");
        }

        _ = uri.ToConnectionString("pg_promoter"); // finds out what Npgsql cannot do
        return [.. hosts.Select(h => uri with { Hosts = [h] })];
    }

    /// <summary>Does the connection string itself ask for a replication connection?</summary>
    public static bool AsksForReplication(string text)
    {
        var value = IsUri(text)
            ? ParseUri(text)["replication"]
            : ConnectionKeywords.Parse(text).LastOrDefault(p => p.Key == "replication").Value;
        return value is "true" or "on" or "yes" or "1";
    }

    private static bool IsUri(string text) =>
        text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal);

    // What the parser complains of may be half of a password that lacks its percent signs: it is not repeated.
    private static ConnectionUri ParseUri(string text)
    {
        try
        {
            return ConnectionUri.Parse(text);
        }
        catch (FormatException e)
        {
            throw new FormatException("it is no valid connection URI (special characters are written with a percent sign, as %2F for a slash)", e);
        }
    }

    // The address is where to connect; the name remains what a certificate is checked against.
    private static ConnectionUri WithHostAddresses(ConnectionUri uri)
    {
        if (uri["hostaddr"] is not { } text)
        {
            return uri;
        }

        var addresses = text.Split(',');
        if (addresses.Length != uri.Hosts.Length)
        {
            throw new FormatException("the connection string has not as many hostaddr as hosts");
        }

        var hosts = uri["sslmode"] == "verify-full" ? uri.Hosts : [.. uri.Hosts.Select((h, i) => addresses[i].Length > 0 ? h with { Host = addresses[i] } : h)];
        return uri.With("hostaddr", null) with { Hosts = hosts };
    }
}
