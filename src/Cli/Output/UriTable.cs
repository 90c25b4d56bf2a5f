namespace PgAutoFailover.Cli.Output;

/// <summary>The table of <c>show uri</c>: each row is type, name, connection string.</summary>
internal static class UriTable
{
    public static void Write(TextWriter writer, IEnumerable<string[]> rows)
    {
        var table = new TextTable(
            new Column("Type", 12),
            new Column("Name", 7),
            new Column("Connection String", 0, Alignment.Ragged, Separator: 31));
        table.Write(writer, rows);
        writer.WriteLine();
    }
}
