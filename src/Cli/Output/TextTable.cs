using System.Text;

namespace PgAutoFailover.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="LeastWidth">It gets wider where a value is.</param>
/// <param name="Align">Where its values stand.</param>
/// <param name="Separator">Length of the line below the title, where it does not follow the width.</param>
internal sealed record Column(string Title, int LeastWidth, Alignment Align = Alignment.Right, int? Separator = null);

internal enum Alignment
{
    Right,

    /// <summary>Padded to the width of the column.</summary>
    Left,

    /// <summary>As long as each value is; for the last column.</summary>
    Ragged,
}

/// <summary>Tables as psql and pg_auto_failover draw them: columns between bars, a line of dashes under the titles.</summary>
internal sealed class TextTable(params Column[] columns)
{
    /// <summary>Draws all rows with columns that fit them.</summary>
    public void Write(TextWriter writer, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        var widths = columns
            .Select((column, i) => all.Select(r => r[i].Length).Append(column.Title.Length).Append(column.LeastWidth).Max())
            .ToArray();
        WriteHead(writer, widths);
        foreach (var row in all)
        {
            WriteRow(writer, row, widths);
        }
    }

    /// <summary>Titles and dashes alone, for rows that come one by one.</summary>
    public void WriteHead(TextWriter writer) => WriteHead(writer, LeastWidths());

    /// <summary>One more row below <see cref="WriteHead(TextWriter)"/>.</summary>
    public void WriteRow(TextWriter writer, string[] row) => WriteRow(writer, row, LeastWidths());

    private int[] LeastWidths() => [.. columns.Select(c => c.LeastWidth)];

    private void WriteHead(TextWriter writer, int[] widths)
    {
        WriteRow(writer, [.. columns.Select(c => c.Title)], widths);
        var dashes = columns.Select((column, i) =>
            new string('-', column.Separator ?? (widths[i] + (i == 0 || i == columns.Length - 1 ? 1 : 2))));
        writer.WriteLine(string.Join('+', dashes));
    }

    private void WriteRow(TextWriter writer, string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < columns.Length; i++)
        {
            line.Append(i == 0 ? "" : " | ").Append(columns[i].Align switch
            {
                Alignment.Right => row[i].PadLeft(widths[i]),
                Alignment.Left => row[i].PadRight(widths[i]),
                _ => row[i],
            });
        }

        writer.WriteLine(line);
    }
}
