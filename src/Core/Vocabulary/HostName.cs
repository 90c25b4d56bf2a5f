using System.Globalization;

namespace PgAutoFailover.Core.Vocabulary;

/// <summary>
/// What may stand for a node's host. Every node writes the hosts of the others into its <c>pg_hba.conf</c>, where some words and characters mean more than
/// one host: whoever may register a node must not be able to open all of them to everybody.
/// </summary>
public static class HostName
{
    private const int MaxLength = 253;

    // Keywords of pg_hba.conf in place of an address.
    private static readonly string[] s_manyHosts = ["all", "samehost", "samenet"];

    /// <summary>As URIs, tables and messages show a host with its port. An IPv6 address, which has colons of its own, stands in brackets.</summary>
    public static string WithPort(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    /// <summary>A name, or an IPv4 or IPv6 address, of one host.</summary>
    public static bool IsValid(string host) =>
        host.Length is > 0 and <= MaxLength
        && (char.IsLetterOrDigit(host[0]) || host[0] == ':')
        && host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%')
        && !s_manyHosts.Contains(host, StringComparer.Ordinal);
}
