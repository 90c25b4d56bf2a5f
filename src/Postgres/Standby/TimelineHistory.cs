using System.Globalization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Postgres.Standby;

/// <summary>Reads a timeline history file: one line for each past timeline, with the position at which it was left.</summary>
internal static class TimelineHistory
{
    /// <summary>Of a timeline, in <c>pg_wal</c>.</summary>
    public static string FileName(int timeline) => string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}.history");

    public static IReadOnlyList<(int Timeline, Lsn SwitchPoint)> Parse(string content)
    {
        var history = new List<(int, Lsn)>();
        foreach (var line in content.Split('\n'))
        {
            var fields = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 2 && int.TryParse(fields[0], out var timeline) && Lsn.TryParse(fields[1], out var lsn))
            {
                history.Add((timeline, lsn));
            }
        }

        return history;
    }
}
