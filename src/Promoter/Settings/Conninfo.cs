using System.Collections.Immutable;
using System.Globalization;
using System.Text;
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
        var uri = IsUri(text) ? ParseUri(text) : FromKeywords(ParseKeywords(text));
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
            : ParseKeywords(text).LastOrDefault(p => p.Key == "replication").Value;
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

    private static ConnectionUri FromKeywords(List<KeyValuePair<string, string>> pairs)
    {
        string? Last(string key) => pairs.LastOrDefault(p => p.Key == key).Value;
        var names = (Last("host") ?? Last("hostaddr") ?? "").Split(',');
        var ports = (Last("port") ?? "").Split(',');
        if (ports.Length > 1 && ports.Length != names.Length)
        {
            throw new FormatException("the connection string has not as many ports as hosts");
        }

        return new ConnectionUri
        {
            Hosts = [.. names.Select((name, i) => new HostAndPort(name.Trim(), ParsePort(ports[ports.Length > 1 ? i : 0])))],
            User = Last("user"),
            Password = Last("password"),
            Database = Last("dbname"),
            Parameters = [.. pairs.Where(p => p.Key is not ("host" or "port" or "user" or "password" or "dbname"))
                .GroupBy(p => p.Key, (key, all) => new KeyValuePair<string, string>(key, all.Last().Value))],
        };
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

    private static int ParsePort(string text) =>
        text.Length == 0 ? ConnectionUri.DefaultPort
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port
        : throw new FormatException("the connection string has a port that is no port number");

    private static List<KeyValuePair<string, string>> ParseKeywords(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var at = 0;
        while (true)
        {
            SkipSpaces(text, ref at);
            if (at == text.Length)
            {
                return pairs;
            }

            var start = at;
            while (at < text.Length && text[at] != '=' && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            var key = text[start..at];
            SkipSpaces(text, ref at);
            if (at == text.Length || text[at] != '=' || key.Length == 0)
            {
                // What stands there may be part of a password: it is not repeated.
                throw new FormatException("the connection string lacks \"=\" after a keyword");
            }

            at++;
            SkipSpaces(text, ref at);
            pairs.Add(new(key, ParseValue(text, ref at)));
        }
    }

    private static string ParseValue(string text, ref int at)
    {
        var value = new StringBuilder();
        var quoted = at < text.Length && text[at] == '\'';
        at += quoted ? 1 : 0;
        for (; at < text.Length; at++)
        {
            if (quoted ? text[at] == '\'' : char.IsWhiteSpace(text[at]))
            {
                at++;
                return value.ToString();
            }

            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        return quoted ? throw new FormatException("the connection string lacks the end of a quoted value") : value.ToString();
    }

    private static void SkipSpaces(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }
}
