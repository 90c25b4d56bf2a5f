namespace PgAutoFailover.Cli.CommandLine;

/// <summary>The spellings of a boolean that options and variables accept.</summary>
internal static class BooleanText
{
    public static bool TryParse(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "T" or "ON" or "YES" or "Y" or "1";
        return value || text.ToUpperInvariant() is "FALSE" or "F" or "OFF" or "NO" or "N" or "0";
    }
}
