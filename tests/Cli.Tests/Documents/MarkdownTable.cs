namespace PgAutoFailover.Cli.Tests.Documents;

/// <summary>Reads what other documents take over from a page that is written by hand.</summary>
internal static class MarkdownTable
{
    /// <summary>Cells of each row of the first table below a title, without its head.</summary>
    public static IEnumerable<string[]> Rows(string page, string title) => page.Split('\n')
        .SkipWhile(l => l != title)
        .SkipWhile(l => !l.StartsWith("|---", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(l => l.StartsWith('|'))
        .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    /// <summary>The paragraph that begins with these words, on one line.</summary>
    public static string Paragraph(string page, string beginning) =>
        string.Join(' ', page.Split('\n').SkipWhile(l => !l.StartsWith(beginning, StringComparison.Ordinal)).TakeWhile(l => l.Length > 0));
}
