namespace PgAutoFailover.Cli.Watch;

/// <summary>How the lines of a window are shared out: two at the top, the nodes below their titles, an empty line, the events below theirs.</summary>
internal readonly record struct SectionHeights(int Nodes, int Events)
{
    private const int AboveNodes = 3;
    private const int AboveEvents = 2;
    private const int LeastEvents = 3;

    /// <summary>From here on a window is high enough to keep some lines for events, however many nodes there are.</summary>
    private const int KeepsEvents = 15;

    public static SectionHeights Of(int rows, int nodes)
    {
        var rest = Math.Max(0, rows - AboveNodes);
        var shown = Math.Min(nodes, rows < KeepsEvents ? rest : rest - AboveEvents - LeastEvents);
        return new SectionHeights(shown, Math.Max(0, rest - shown - AboveEvents));
    }
}
