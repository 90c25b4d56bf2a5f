using System.Globalization;

namespace PgAutoFailover.Cli.Http;

/// <summary>The query of <c>/replica</c>: <c>lag=16MB</c>, in PostgreSQL's units of memory.</summary>
internal static class LagLimit
{
    private static readonly (string Unit, long Bytes)[] s_units = [("kB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("B", 1), ("", 1)];

    /// <param name="bytes">Null where there is no limit.</param>
    /// <returns>False where the query makes no sense.</returns>
    public static bool TryParse(string query, out long? bytes)
    {
        bytes = null;
        const string Name = "lag=";
        if (query.Length == 0)
        {
            return true;
        }

        if (!query.StartsWith(Name, StringComparison.Ordinal))
        {
            return false;
        }

        var text = query.AsSpan(Name.Length);
        foreach (var (unit, size) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                var isNumber = long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / size;
                bytes = isNumber ? number * size : null;
                return isNumber;
            }
        }

        return false;
    }
}
