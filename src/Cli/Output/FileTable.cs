namespace PgAutoFailover.Cli.Output;

/// <summary>The table of <c>show file</c>: each row is the kind of a file and its path.</summary>
internal static class FileTable
{
    public static void Write(TextWriter writer, IEnumerable<string[]> rows)
    {
        new TextTable(new Column("File", 7), new Column("Path", 0, Alignment.Ragged, Separator: 16)).Write(writer, rows);
        writer.WriteLine();
    }
}
