namespace PgAutoFailover.Cli.Output;

/// <summary>Tables exactly as psql draws the result of a query: titles in the middle, numbers to the right, a count of rows below.</summary>
internal static class PsqlTable
{
    public static void Write(TextWriter writer, IReadOnlyList<(string Title, Alignment Align)> columns, IReadOnlyCollection<string[]> rows)
    {
        var widths = columns.Select((c, i) => rows.Select(r => r[i].Length).Append(c.Title.Length).Max()).ToArray();
        writer.WriteLine($"{Line(columns.Select((c, i) => Center(c.Title, widths[i])))} ");
        writer.WriteLine(string.Join('+', widths.Select(w => new string('-', w + 2))));
        foreach (var row in rows)
        {
            writer.WriteLine(Line(row.Select((value, i) => columns[i].Align switch
            {
                Alignment.Right => value.PadLeft(widths[i]),
                Alignment.Left => value.PadRight(widths[i]),
                _ => value,
            })));
        }

        writer.WriteLine($"({rows.Count} row{(rows.Count == 1 ? "" : "s")})");
        writer.WriteLine();
    }

    private static string Line(IEnumerable<string> cells) => $" {string.Join(" | ", cells)}";

    // An odd space goes to the right.
    private static string Center(string title, int width) => title.PadLeft(title.Length + ((width - title.Length) / 2)).PadRight(width);
}
