using System.Globalization;
using System.Text;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>libpq's connection strings of keywords, <c>host=a port=5432 password='it''s'</c>. Errors never repeat a value.</summary>
public static class ConnectionKeywords
{
    /// <summary>What the string says, as a URI would have it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ConnectionUri ToUri(string text)
    {
        var pairs = Parse(text);
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

    /// <summary>Keywords and values in their order.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
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

    private static int ParsePort(string text) =>
        text.Length == 0 ? ConnectionUri.DefaultPort
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port
        : throw new FormatException("the connection string has a port that is no port number");

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
