using System.Text.RegularExpressions;

namespace PgAutoFailover.Postgres.Adoption;

/// <summary>Reads and changes single lines of a <c>postgresql.conf</c>, and leaves all others as they are, comments and all.</summary>
internal static partial class ConfigurationText
{
    // They name the data directory and the files of /etc; are each node's own, while a standby gets this file with the data; or are for Debian's tools only.
    private static readonly HashSet<string> s_disabled = new(StringComparer.OrdinalIgnoreCase)
    {
        "data_directory", "hba_file", "ident_file", "stats_temp_directory", "external_pid_file",
        "port", "listen_addresses", "ssl", "ssl_cert_file", "ssl_key_file", "ssl_ca_file", "ssl_crl_file",
    };

    /// <summary>What the last line of the text itself, not of what it includes, sets; null where none does.</summary>
    public static string? Value(string text, string setting) => Lines().Matches(text)
        .LastOrDefault(m => m.Groups["name"].Value.Equals(setting, StringComparison.OrdinalIgnoreCase)) is { } match ? Unquote(match.Groups["value"].Value) : null;

    /// <summary>The text with the settings that pg_autoctl makes for each node turned into comments.</summary>
    public static string Disable(string text) => Lines().Replace(text, match =>
        s_disabled.Contains(match.Groups["name"].Value) ? $"# {match.Value} # disabled by pg_auto_failover" : match.Value);

    /// <summary>The text with each path that it includes replaced.</summary>
    /// <param name="replace">Gets the directive (<c>include</c>, <c>include_if_exists</c>, <c>include_dir</c>) and its path, returns the new path.</param>
    public static string ReplaceIncludes(string text, Func<string, string, string> replace) => Lines().Replace(text, match =>
    {
        var (name, value) = (match.Groups["name"], match.Groups["value"]);
        if (!name.Value.StartsWith("include", StringComparison.OrdinalIgnoreCase))
        {
            return match.Value;
        }

        var before = Unquote(value.Value);
        var after = replace(name.Value.ToLowerInvariant(), before);
        var start = value.Index - match.Index;
        return before == after
            ? match.Value
            : $"{match.Value[..start]}'{after.Replace("'", "''", StringComparison.Ordinal)}'{match.Value[(start + value.Length)..]}";
    });

    private static string Unquote(string value) => value is ['\'', .., '\''] ? value[1..^1].Replace("''", "'", StringComparison.Ordinal) : value;

    // guc-file.l: a name, an equals sign or none, a value in quotes or one word, a comment.
    [GeneratedRegex(@"^[ \t]*(?<name>[A-Za-z_][A-Za-z0-9_.$]*)(?:[ \t]*=[ \t]*|[ \t]+)(?<value>'(?:[^'\n]|'')*'|[^\s#']+)[^\n]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Lines();
}
