using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PgAutoFailover.Cli.Watch;

/// <summary>
/// The picture of a moment: as many lines as the window has, none longer than it is wide. Everything that it depends on comes in
/// as an argument.
/// </summary>
internal sealed class Frame
{
    private const string Hints = "q or F1: quit   Up Down PgUp PgDn Home End: select   Left Right: scroll";

    private const string TimeTitle = "Event Time";

    /// <summary>From this width on, events show their date too.</summary>
    private const int WideEnoughForDates = 100;

    private static readonly Style s_plain = Style.Plain;
    private static readonly Style s_title = new(decoration: Decoration.Bold);
    private static readonly Style s_inverted = new(decoration: Decoration.Invert);
    private static readonly Style s_dim = new(decoration: Decoration.Dim);
    private static readonly Style s_alarm = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style s_sick = new(Color.Red);
    private static readonly Style s_moving = new(Color.Yellow);

    private readonly WindowSize _size;
    private readonly List<IReadOnlyList<Segment>> _lines = [];

    private Frame(WindowSize size) => _size = size;

    /// <param name="zone">In which all times are shown.</param>
    /// <param name="absence">Null while the monitor answers.</param>
    public static IReadOnlyList<IReadOnlyList<Segment>> Draw(
        Snapshot snapshot, View view, WindowSize size, DateTimeOffset now, TimeZoneInfo zone, Absence? absence)
    {
        var frame = new Frame(size);
        var heights = SectionHeights.Of(size.Rows, snapshot.Nodes.Count);
        frame.AddHeader(snapshot, view, heights.Nodes, TimeZoneInfo.ConvertTime(now, zone));
        frame.AddNotice(absence);
        frame.AddNodes(snapshot, view, heights.Nodes, isStale: absence is not null);
        frame.Add("", s_plain);
        frame.AddEvents(snapshot, view, heights.Events, zone);
        return [.. frame._lines.Concat(Enumerable.Repeat<IReadOnlyList<Segment>>([], size.Rows)).Take(size.Rows)];
    }

    private void AddHeader(Snapshot snapshot, View view, int shown, DateTimeOffset now)
    {
        var standbys = snapshot.NumberSyncStandbys is { } number ? $" - Sync Standbys: {number}" : " - does not exist";
        var first = FirstNode(snapshot, view, shown);
        var nodes = shown < snapshot.Nodes.Count ? $" - Nodes {first + 1}-{first + shown} of {snapshot.Nodes.Count}" : "";
        var left = $"Formation: {snapshot.Formation}{standbys}{nodes}";
        var right = now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var room = Math.Max(0, _size.Columns - right.Length - 1);
        Add(Fill(Cut(Printable(left), room), room) + " " + right, s_inverted);
    }

    private void AddNotice(Absence? absence)
    {
        if (absence is { } away)
        {
            Add($"No answer from the monitor for {Age.Text(away.Since)}, trying again: {away.Reason}", s_alarm);
        }
        else
        {
            Add(Hints, s_dim);
        }
    }

    private void AddNodes(Snapshot snapshot, View view, int shown, bool isStale)
    {
        var columns = NodeColumns.For(snapshot.Nodes, _size.Columns);
        var selected = view.NodeIndex(snapshot);
        var first = FirstNode(snapshot, view, shown);
        Add(columns.TitleText, s_title);
        for (var i = first; i < first + shown; i++)
        {
            var node = snapshot.Nodes[i];
            Add(columns.RowText(node), i == selected ? s_inverted : isStale ? s_dim : StyleOf(node), fill: i == selected);
        }
    }

    private void AddEvents(Snapshot snapshot, View view, int shown, TimeZoneInfo zone)
    {
        var selected = view.EventIndex(snapshot);
        var first = view.FirstEvent(snapshot, shown);
        var last = Math.Min(first + shown, snapshot.Events.Count);
        var format = _size.Columns >= WideEnoughForDates ? "yyyy-MM-dd HH:mm:ss" : "HH:mm:ss";
        var place = selected is null ? "" : $" ({first + 1}-{last} of {snapshot.Events.Count}; End: the newest)";
        var timeWidth = Math.Max(format.Length, TimeTitle.Length);
        Add($"{TimeTitle.PadLeft(timeWidth)}  {"Node",5}  Comment{place}", s_title);
        for (var i = first; i < last; i++)
        {
            var row = snapshot.Events[i];
            var time = TimeZoneInfo.ConvertTime(row.At, zone).ToString(format, CultureInfo.InvariantCulture).PadLeft(timeWidth);
            var node = snapshot.HasGroups ? $"{row.GroupId}/{row.NodeId}" : $"{row.NodeId}";
            var comment = row.Description[Math.Min(view.Indent, row.Description.Length)..];
            var style = i == selected ? s_inverted : row.NodeId == view.Node ? s_title : s_plain;
            Add($"{time}  {node,5}  {comment}", style, fill: i == selected);
        }
    }

    // Where not all fit, the one under the cursor is among those that are shown.
    private static int FirstNode(Snapshot snapshot, View view, int shown) =>
        Math.Max(0, Math.Min((view.NodeIndex(snapshot) ?? 0) - shown + 1, snapshot.Nodes.Count - shown));

    private static Style StyleOf(WatchedNode node) =>
        node.Row.Health == 0 ? s_sick
        : node.Row.Reported != node.Row.Goal ? s_moving
        : s_plain;

    private void Add(string text, Style style, bool fill = false)
    {
        var line = Cut(Printable(text), _size.Columns);
        _lines.Add(line.Length == 0 ? [] : [new Segment(fill ? Fill(line, _size.Columns) : line, style)]);
    }

    // Names and comments come from other hosts: none of them may steer this terminal.
    private static string Printable(string text) => string.Create(text.Length, text, (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    private static string Fill(string text, int width) => text + new string(' ', Math.Max(0, width - new Segment(text).CellCount()));

    private static string Cut(string text, int width)
    {
        var cut = width <= 0 ? "" : Segment.Truncate(new Segment(text), width)?.Text ?? "";

        // The library lets the last character be wider than what is left.
        return new Segment(cut).CellCount() > width ? cut[..^1] : cut;
    }
}
