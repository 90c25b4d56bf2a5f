using System.Globalization;
using PgAutoFailover.Core.Vocabulary;
using Spectre.Console.Rendering;

namespace PgAutoFailover.Cli.Watch;

/// <summary>A column of the node list.</summary>
/// <param name="LeastWidth">
/// What its usual values need, so that the choice of columns does not change back and forth while the states of a failover pass.
/// </param>
internal sealed record NodeColumn(string Title, int LeastWidth, Func<WatchedNode, string> Value);

/// <summary>
/// The columns that a window has room for. A narrower window first gets short titles, then loses columns, the most dispensable
/// one first: the address never changes, the last check shows in the connection's mark too, the states stay to the end.
/// </summary>
/// <param name="Widths">One for each column.</param>
/// <param name="Gap">Spaces between two columns.</param>
internal sealed record NodeColumns(IReadOnlyList<NodeColumn> Columns, IReadOnlyList<int> Widths, int Gap)
{
    // "stop_replication" and "prepare_promotion" are part of an ordinary failover; longer names belong to maintenance.
    private const int StateWidth = 17;

    private static readonly NodeColumn s_name = new("Name", 4, n => n.Row.Name);
    private static readonly NodeColumn s_node = new("Node", 4, n => n.Row.NodeText);
    private static readonly NodeColumn s_id = new("Id", 2, n => n.Row.NodeText);
    private static readonly NodeColumn s_quorum = new("Quorum", 6, n => n.Row.ReplicationQuorum switch { true => "yes", false => "no", null => "" });
    private static readonly NodeColumn s_priority = new("Priority", 8, n => n.Row.CandidatePriority?.ToString(CultureInfo.InvariantCulture) ?? "");
    private static readonly NodeColumn s_lastReport = new("Last Report", 11, n => Age.Text(n.SinceReport));
    private static readonly NodeColumn s_report = new("Report", 6, n => Age.Text(n.SinceReport));
    private static readonly NodeColumn s_lastCheck = new("Last Check", 10, n => Age.Text(n.SinceCheck));
    private static readonly NodeColumn s_check = new("Check", 6, n => Age.Text(n.SinceCheck));
    private static readonly NodeColumn s_address = new("Host:Port", 9, n => n.Row.Address);
    private static readonly NodeColumn s_position = new("TLI: LSN", 14, n => n.Row.Position);
    private static readonly NodeColumn s_connection = new("Connection", 12, n => n.Row.Connection);
    private static readonly NodeColumn s_reported = new("Reported State", StateWidth, n => n.Row.Reported.ToWire());
    private static readonly NodeColumn s_goal = new("Assigned State", StateWidth, n => n.Row.Goal.ToWire());

    private static readonly (int Gap, NodeColumn[] Columns)[] s_choices =
    [
        (2, [s_name, s_node, s_quorum, s_priority, s_lastReport, s_lastCheck, s_address, s_position, s_connection, s_reported, s_goal]),
        (2, [s_name, s_node, s_lastReport, s_lastCheck, s_address, s_position, s_connection, s_reported, s_goal]),
        (1, [s_name, s_id, s_report, s_check, s_address, s_position, s_connection, s_reported, s_goal]),
        (1, [s_name, s_id, s_report, s_check, s_position, s_connection, s_reported, s_goal]),
        (1, [s_name, s_id, s_report, s_position, s_connection, s_reported, s_goal]),
        (1, [s_name, s_id, s_position, s_connection, s_reported, s_goal]),
        (1, [s_name, s_id, s_connection, s_reported, s_goal]),
        (1, [s_name, s_id, s_reported, s_goal]),
        (1, [s_name, s_reported, s_goal]),
    ];

    /// <summary>The first choice that fits; the last one where none does, of which the window then shows the beginning.</summary>
    public static NodeColumns For(IReadOnlyList<WatchedNode> nodes, int width)
    {
        var all = s_choices.Select(choice => new NodeColumns(
            choice.Columns,
            [.. choice.Columns.Select(c => nodes.Select(n => Cells(c.Value(n))).Append(c.Title.Length).Append(c.LeastWidth).Max())],
            choice.Gap));
        return all.FirstOrDefault(c => c.TotalWidth <= width) ?? all.Last();
    }

    public string TitleText => Join(c => c.Title);

    public string RowText(WatchedNode node) => Join(c => c.Value(node));

    private int TotalWidth => Widths.Sum() + (Gap * (Widths.Count - 1));

    private string Join(Func<NodeColumn, string> value) =>
        string.Join(new string(' ', Gap), Columns.Select((c, i) => PadLeft(value(c), Widths[i])));

    private static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Cells(text))) + text;

    // Some characters are two cells wide.
    private static int Cells(string text) => new Segment(text).CellCount();
}
