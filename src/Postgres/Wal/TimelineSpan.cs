using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Postgres.Wal;

/// <summary>A timeline that a node has been on, from where it was begun to where the node left it, or is.</summary>
/// <param name="Begin">Invalid for the first, which begins with the cluster, and where it is not known.</param>
internal readonly record struct TimelineSpan(int Timeline, Lsn Begin, Lsn End)
{
    /// <summary>In the order in which they were begun.</summary>
    /// <param name="history">The past ones; empty where it is not known.</param>
    /// <param name="last">The one that the node is on.</param>
    /// <param name="end">How far it has got on that.</param>
    public static IReadOnlyList<TimelineSpan> Of(IReadOnlyList<(int Timeline, Lsn SwitchPoint)> history, int last, Lsn end)
    {
        var spans = new List<TimelineSpan>();
        var begin = Lsn.Invalid;
        foreach (var (timeline, switchPoint) in history)
        {
            spans.Add(new(timeline, begin, switchPoint));
            begin = switchPoint;
        }

        spans.Add(new(last, begin, end));
        return spans;
    }
}
