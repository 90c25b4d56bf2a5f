using System.Text;

namespace PgAutoFailover.Cli.Http;

/// <summary>What is read of a request: its first line. Headers are skipped, a body is not read; the connection ends with the answer.</summary>
/// <param name="Query">What follows the question mark, without it; empty where there is none.</param>
internal sealed record HttpRequest(string Method, string Path, string Query)
{
    /// <summary>First line and headers together.</summary>
    public const int MostBytes = 8192;

    /// <summary>Reads the head of a request; null where it makes no sense.</summary>
    /// <param name="head">Up to and with the empty line.</param>
    public static HttpRequest? Parse(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf("\r\n"u8);
        var line = end < 0 ? "" : Encoding.Latin1.GetString(head[..end]);
        if (line.Split(' ') is not [var method, ['/', ..] target, "HTTP/1.0" or "HTTP/1.1"] || !method.All(char.IsAsciiLetterUpper))
        {
            return null;
        }

        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? new(method, target, "") : new(method, target[..mark], target[(mark + 1)..]);
    }

    /// <summary>The length of a whole head at the start of <paramref name="bytes"/>; 0 while it has not arrived.</summary>
    public static int HeadLength(ReadOnlySpan<byte> bytes) => bytes.IndexOf("\r\n\r\n"u8) is var i and >= 0 ? i + 4 : 0;
}
