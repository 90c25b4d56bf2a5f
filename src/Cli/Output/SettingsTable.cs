namespace PgAutoFailover.Cli.Output;

/// <summary>The table of <c>show settings</c>: each row is context, name, setting, value.</summary>
internal static class SettingsTable
{
    public static void Write(TextWriter writer, IEnumerable<string[]> rows)
    {
        var table = new TextTable(
            new Column("Context", 0),
            new Column("Name", 0),
            new Column("Setting", 0),
            new Column("Value", 0, Alignment.Left));
        table.Write(writer, rows);
        writer.WriteLine();
    }
}
