using System.Text;
using System.Text.RegularExpressions;

namespace PgAutoFailover.Cli.Logging;

/// <summary>Connection strings without their passwords: the last thing that every log line passes.</summary>
internal static partial class Secrets
{
    public static string Mask(string text) => text.Contains("://", StringComparison.Ordinal) || text.Contains("password", StringComparison.OrdinalIgnoreCase)
        ? KeywordPassword().Replace(UriPassword().Replace(text, "${before}****${after}"), "${before}****")
        : text;

    /// <summary>The same without changing the length of anything, counted in UTF-8.</summary>
    public static string Cover(string text) => KeywordPassword().Replace(UriPassword().Replace(text, Covered), Covered);

    private static string Covered(Match match)
    {
        var (before, after) = (match.Groups["before"].Value, match.Groups["after"].Value);
        var secret = match.ValueSpan[before.Length..(match.Length - after.Length)];
        return $"{before}{new string('*', Encoding.UTF8.GetByteCount(secret))}{after}";
    }

    // postgres://user:SECRET@host; greedy up to the last @, since passwords may hold one, and what else does not belong there; within quotes, where
    // connection strings stand in messages, even spaces.
    [GeneratedRegex(@"(?<before>""postgres(ql)?://[^:/@\s""]*:)[^""]*(?<after>@)|(?<before>postgres(ql)?://[^:/@\s""]*:)[^\s""]*(?<after>@)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UriPassword();

    // password=SECRET in a URI's query or in a keyword/value string, password='SE CRET' too.
    [GeneratedRegex(@"(?<before>\bpassword\s*=\s*)('[^']*'|[^\s&""']+)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex KeywordPassword();
}
