using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Postgres.Connections;

/// <summary>
/// A connection string in libpq's URI form, <c>postgres://user:password@host1:port1,host2:port2/dbname?key=value</c>, taken apart
/// and put together again without loss: what an operator wrote is what the configuration keeps. One of keywords becomes such a URI.
/// </summary>
public sealed record ConnectionUri
{
    public const int DefaultPort = 5432;

    private static readonly string[] s_schemes = ["postgres://", "postgresql://"];

    /// <summary>Hosts in the order in which they are tried; a host that starts with a slash is a socket directory.</summary>
    public required ImmutableArray<HostAndPort> Hosts { get; init; }

    /// <summary>The hosts without their ports.</summary>
    public IReadOnlyList<string> HostNames => [.. Hosts.Select(h => h.Host)];

    public string? User { get; init; }

    public string? Password { get; init; }

    public string? Database { get; init; }

    /// <summary>The parameters after the question mark, in their order, decoded.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Whether a connection string has the form of a URI, and not that of keywords.</summary>
    public static bool IsUri(string text) => Array.Exists(s_schemes, s => text.StartsWith(s, StringComparison.Ordinal));

    /// <summary>Reads a connection string of either form.</summary>
    /// <exception cref="FormatException">It is not one; the message says what is wrong and never repeats a password.</exception>
    public static ConnectionUri Parse(string text)
    {
        if (Array.Find(s_schemes, s => text.StartsWith(s, StringComparison.Ordinal)) is not { } scheme)
        {
            return text.Contains('=', StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal)
                ? ConnectionKeywords.ToUri(text)
                : throw new FormatException("a connection string starts with postgres:// or postgresql://, or consists of keywords, as host=NAME");
        }

        var rest = text[scheme.Length..];
        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, path) = Cut(beforeQuery, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", null) : Cut(authority[..at], ':');
        var parameters = ParseParameters(query);
        var hosts = authority[(at + 1)..].Split(',').Select(ParseHost).ToImmutableArray();

        return new ConnectionUri
        {
            Hosts = ApplyHostParameters(hosts, parameters),
            User = Decode(user) is { Length: > 0 } name ? name : Value(parameters, "user"),
            Password = password is null ? Value(parameters, "password") : Decode(password),
            Database = path is { Length: > 0 } ? Decode(path) : Value(parameters, "dbname"),
            Parameters = [.. parameters.Where(p => p.Key is not ("host" or "port" or "user" or "password" or "dbname"))],
        };
    }

    /// <summary>The value of a parameter, or null.</summary>
    public string? this[string key] => Value(Parameters, key);

    /// <summary>The URI with a parameter set, or removed where the value is null.</summary>
    public ConnectionUri With(string key, string? value)
    {
        var index = Parameters.ToList().FindIndex(p => p.Key == key);
        return this with
        {
            Parameters = value is null
                ? index < 0 ? Parameters : Parameters.RemoveAt(index)
                : index < 0 ? Parameters.Add(new(key, value)) : Parameters.SetItem(index, new(key, value)),
        };
    }

    /// <summary>The URI with <c>****</c> in place of a password, for messages.</summary>
    public string ToMaskedString() => (Password is null ? this : this with { Password = "****" }).ToString();

    public override string ToString()
    {
        var uri = new StringBuilder("postgres://");
        if (User is not null)
        {
            uri.Append(Encode(User)).Append(Password is null ? "" : ":" + (Password == "****" ? Password : Encode(Password))).Append('@');
        }

        uri.AppendJoin(',', Hosts.Select(h => h.ToString()));
        uri.Append(Database is null ? "" : "/" + Encode(Database));
        var separator = '?';
        foreach (var (key, value) in Parameters)
        {
            uri.Append(separator).Append(Encode(key)).Append('=').Append(Encode(value));
            separator = '&';
        }

        return uri.ToString();
    }

    private static ImmutableArray<HostAndPort> ApplyHostParameters(
        ImmutableArray<HostAndPort> hosts, ImmutableArray<KeyValuePair<string, string>> parameters)
    {
        var names = Value(parameters, "host")?.Split(',');
        var ports = Value(parameters, "port")?.Split(',');
        var result = names is null ? hosts : [.. names.Select(n => new HostAndPort(n, hosts[0].Port))];
        return ports is null ? result : [.. result.Select((h, i) => h with { Port = ParsePort(ports[Math.Min(i, ports.Length - 1)]) })];
    }

    private static HostAndPort ParseHost(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            var after = end < 0 ? "" : text[(end + 1)..];
            return end > 0 && (after.Length == 0 || after[0] == ':')
                ? new HostAndPort(text[1..end], after.Length > 1 ? ParsePort(after[1..]) : DefaultPort)
                : throw new FormatException($"\"{text}\" is not an IPv6 address in brackets");
        }

        var (host, port) = Cut(text, ':');
        return new HostAndPort(Decode(host), port is { Length: > 0 } ? ParsePort(port) : DefaultPort);
    }

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new FormatException($"\"{text}\" is not a port number");

    private static ImmutableArray<KeyValuePair<string, string>> ParseParameters(string? query) =>
        query is null or "" ? [] : [.. query.Split('&').Select(pair =>
        {
            var (key, value) = Cut(pair, '=');
            return value is null
                ? throw new FormatException($"parameter \"{key}\" of the connection string has no value")
                : new KeyValuePair<string, string>(Decode(key), Decode(value));
        })];

    private static string? Value(ImmutableArray<KeyValuePair<string, string>> parameters, string key) =>
        parameters.FirstOrDefault(p => p.Key == key).Value;

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var index = text.IndexOf(separator, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    // A slash, a colon or a tilde is harmless after the authority; file names stay readable.
    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal);
}

/// <summary>One host of a <see cref="ConnectionUri"/>.</summary>
public readonly record struct HostAndPort(string Host, int Port)
{
    public override string ToString() => HostName.WithPort(Host.Contains(':', StringComparison.Ordinal) ? Host : Uri.EscapeDataString(Host), Port);
}
