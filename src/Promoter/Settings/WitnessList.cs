using System.Collections.Immutable;
using PgAutoFailover.Postgres.Connections;

namespace PgAutoFailover.Promoter.Settings;

/// <summary>
/// <c>pg_promoter.witnesses</c>: connection strings or <c>host:port</c>, separated by semicolons; between <c>host:port</c> commas will do. A
/// witness that is named by host and port only is asked as the role, and in the database, by which the primary is watched.
/// </summary>
internal static class WitnessList
{
    public const int Most = 16;

    /// <exception cref="FormatException">It is no such list.</exception>
    public static ImmutableArray<WitnessAddress> Parse(string text, ConnectionUri? primary)
    {
        var witnesses = Items(text).SelectMany(item => Parse1(item, primary)).ToImmutableArray();
        return witnesses.Length <= Most ? witnesses : throw new FormatException($"pg_promoter.witnesses names more than {Most} servers");
    }

    private static IEnumerable<WitnessAddress> Parse1(string item, ConnectionUri? primary)
    {
        if (item.Contains('=', StringComparison.Ordinal) || item.Contains("://", StringComparison.Ordinal))
        {
            var hosts = Conninfo.Parse(item);
            return hosts.Length == 1
                ? [Named(hosts[0])]
                : throw new FormatException("pg_promoter.witnesses has a connection string of several hosts: each witness is one server");
        }

        // The same credentials, as seen from us: what is only about the primary's own host is left out.
        var like = primary ?? new ConnectionUri { Hosts = [] };
        return item.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(address => Named(like with { Hosts = ConnectionUri.Parse("postgres://" + address).Hosts, Database = like.Database ?? "postgres" }));
    }

    private static WitnessAddress Named(ConnectionUri connection) => new(connection.Hosts[0].ToString(), connection);

    // A semicolon within quotes belongs to the value.
    private static IEnumerable<string> Items(string text)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\\')
            {
                i++;
            }
            else if (i < text.Length && text[i] == '\'')
            {
                quoted = !quoted;
            }
            else if (i >= text.Length || (text[i] == ';' && !quoted))
            {
                var item = text[start..Math.Min(i, text.Length)].Trim();
                start = i + 1;
                if (item.Length > 0)
                {
                    yield return item;
                }
            }
        }
    }
}
