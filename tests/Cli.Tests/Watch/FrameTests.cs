using PgAutoFailover.Cli.Watch;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Spectre.Console.Rendering;

namespace PgAutoFailover.Cli.Tests.Watch;

/// <summary>The picture at fixed sizes, letter by letter.</summary>
public sealed class FrameTests
{
    [Fact]
    public void A_pair_in_eighty_columns() => Draw(WatchSamples.Pair(), new View(), 80, 10)
        .ShouldBe("""
            Formation: default - Sync Standbys: 0                                   18:07:34
            q or F1: quit   Up Down PgUp PgDn Home End: select   Left Right: scroll
             Name Id Report       TLI: LSN   Connection    Reported State    Assigned State
            node1  1     0s   1: 0/3000148   read-write           primary           primary
            node2  2     0s   1: 0/3000148    read-only         secondary         secondary

            Event Time   Node  Comment
              17:07:35      1  Event 1 tells what happened
              17:07:36      2  Event 2 tells what happened

            """);

    [Fact]
    public void A_pair_in_a_wide_window() => Draw(WatchSamples.Pair(), new View(), 130, 9)
        .ShouldBe("""
            Formation: default - Sync Standbys: 0                                                                                     18:07:34
            q or F1: quit   Up Down PgUp PgDn Home End: select   Left Right: scroll
             Name  Node  Last Report  Last Check       Host:Port        TLI: LSN    Connection     Reported State     Assigned State
            node1     1           0s          3s  localhost:5501    1: 0/3000148    read-write            primary            primary
            node2     2           0s          3s  localhost:5502    1: 0/3000148     read-only          secondary          secondary

                     Event Time   Node  Comment
            2026-11-21 17:07:35      1  Event 1 tells what happened
            2026-11-21 17:07:36      2  Event 2 tells what happened
            """);

    [Fact]
    public void A_monitor_that_is_away_is_told_in_the_second_line() =>
        Draw(WatchSamples.Pair(), new View(), 80, 10, new Absence(TimeSpan.FromSeconds(75), "Connection refused"))
            .Split('\n')[1].ShouldBe("No answer from the monitor for 1m15s, trying again: Connection refused");

    [Fact]
    public void The_newest_event_is_at_the_bottom_of_the_screen()
    {
        var lines = Draw(WatchSamples.Pair(events: 40), new View(), 80, 24).Split('\n');

        lines.Length.ShouldBe(24);
        lines[^1].ShouldEndWith("Event 40 tells what happened");
        lines[7].ShouldEndWith("Event 24 tells what happened");
    }

    [Fact]
    public void Events_that_are_scrolled_to_are_counted_in_their_title()
    {
        var view = new View().Press(Key.PageUp, WatchSamples.Pair(events: 40), page: 17);

        var lines = Draw(WatchSamples.Pair(events: 40), view, 80, 24).Split('\n');

        lines[6].ShouldEndWith("Comment (23-39 of 40; End: the newest)");
        lines[7].ShouldEndWith("Event 23 tells what happened");
    }

    [Fact]
    public void Comments_are_scrolled_to_the_right_and_the_time_stays() =>
        Draw(WatchSamples.Pair(), new View().Press(Key.Right, WatchSamples.Pair(), page: 2), 80, 10)
            .Split('\n')[7].ShouldBe("  17:07:35      1  tells what happened");

    [Fact]
    public void Where_not_all_nodes_fit_the_selected_one_does_and_events_keep_some_lines()
    {
        var lines = Draw(WatchSamples.Many(50), new View(Node: 40), 80, 24).Split('\n');

        lines[0].ShouldStartWith("Formation: default - Sync Standbys: 0 - Nodes 25-40 of 50 ");
        lines[18].ShouldStartWith("node40 40 ");
        lines[^2].ShouldEndWith("Event 2 tells what happened");
    }

    [Fact]
    public void No_name_steers_the_terminal()
    {
        var snapshot = WatchSamples.Pair() with { Nodes = [WatchSamples.Node("\u001b[2J\u009b2J\n", 1, NodeState.Single, NodeState.Single)] };

        Draw(snapshot, new View(), 80, 10).Replace("\n", "", StringComparison.Ordinal).ShouldAllBe(c => !char.IsControl(c));
    }

    [Fact]
    public void A_formation_that_is_gone_is_said_to_be() =>
        Draw(WatchSamples.Pair() with { NumberSyncStandbys = null, Nodes = [] }, new View(), 80, 10)
            .ShouldStartWith("Formation: default - does not exist ");

    [Fact]
    public void Every_window_gets_as_many_lines_as_it_has_and_none_that_is_too_long()
    {
        Snapshot[] snapshots =
        [
            WatchSamples.Pair(), WatchSamples.Pair(events: 0), WatchSamples.Many(0), WatchSamples.Many(60, events: 300),
            WatchSamples.Pair() with { Nodes = [WatchSamples.Node("平面", 1, NodeState.PrepareMaintenance, NodeState.WaitMaintenance, health: 0)] },
        ];
        View[] views = [new View(), new View(Node: 1), new View(Node: 999), new View(Event: 101, TopEvent: 101, Indent: 16), new View(Event: 7)];
        foreach (var (snapshot, view) in snapshots.SelectMany(s => views.Select(v => (s, v))))
        {
            for (var columns = 1; columns <= 200; columns += 7)
            {
                for (var rows = 1; rows <= 60; rows += columns < 10 ? 1 : 5)
                {
                    var lines = Frame.Draw(snapshot, view, new WindowSize(columns, rows), WatchSamples.Now, TimeZoneInfo.Utc, absence: null);

                    lines.Count.ShouldBe(rows);
                    lines.Max(l => Segment.CellCount(l)).ShouldBeLessThanOrEqualTo(columns);
                }
            }
        }
    }

    private static string Draw(Snapshot snapshot, View view, int columns, int rows, Absence? absence = null) => string.Join(
        '\n',
        Frame.Draw(snapshot, view, new WindowSize(columns, rows), WatchSamples.Now, TimeZoneInfo.Utc, absence)
            .Select(line => string.Concat(line.Select(segment => segment.Text)).TrimEnd()));
}
