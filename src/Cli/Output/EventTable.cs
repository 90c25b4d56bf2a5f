using System.Globalization;

namespace PgAutoFailover.Cli.Output;

/// <summary>An event as <c>show events</c> lists it.</summary>
/// <param name="Time">As the monitor's server writes it.</param>
internal sealed record EventRow(string Time, int GroupId, long NodeId, string Reported, string Goal, string Description)
{
    /// <summary>Events are numbered in the order in which they came.</summary>
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>The table of <c>show events</c>.</summary>
internal static class EventTable
{
    public static void Write(TextWriter writer, IEnumerable<EventRow> rows)
    {
        var table = new TextTable(
            new Column("Event Time", 30),
            new Column("Node", 6),
            new Column("Current State", 19),
            new Column("Assigned State", 19),
            new Column("Comment", 0, Alignment.Ragged, Separator: 11));
        table.Write(writer, rows.Select(r => new[]
        {
            r.Time, string.Create(CultureInfo.InvariantCulture, $"{r.GroupId}/{r.NodeId}"), r.Reported, r.Goal, r.Description,
        }));
        writer.WriteLine();
    }
}
