using PgAutoFailover.Cli.Watch;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Watch;

/// <summary>The cursor on two nodes with forty events, 101 to 140, of which ten are shown at a time.</summary>
public sealed class ViewTests
{
    private const int Page = 10;
    private readonly Snapshot _snapshot = WatchSamples.Pair(events: 40);

    [Theory]
    [InlineData("Down", 1L, null)]
    [InlineData("Down Down", 2L, null)]
    [InlineData("Down Down Down", null, 131L)]
    [InlineData("Down Down Down Up", null, 130L)]
    [InlineData("Down Up", 1L, null)]
    [InlineData("Up", null, 140L)]
    [InlineData("Up Down", null, null)]
    [InlineData("Up Up Down", null, 140L)]
    [InlineData("PageUp", null, 130L)]
    [InlineData("PageUp PageUp", null, 120L)]
    [InlineData("PageUp PageDown", null, null)]
    [InlineData("PageUp PageUp PageUp PageUp PageUp", null, 101L)]
    [InlineData("PageDown", null, null)]
    [InlineData("Up Home", null, 101L)]
    [InlineData("Up Home Up", 2L, null)]
    [InlineData("Up Home Home", 1L, null)]
    [InlineData("Home", 1L, null)]
    [InlineData("Home PageDown", 1L, null)]
    [InlineData("Home End", null, null)]
    [InlineData("Up Home End", null, null)]
    [InlineData("Up Escape", null, null)]
    public void Keys_move_the_cursor_through_nodes_and_events(string keys, long? node, long? eventId)
    {
        var view = Press(keys);

        view.Node.ShouldBe(node);
        view.Event.ShouldBe(eventId);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("Down", 30)]
    [InlineData("Up Up Up", 30)]
    [InlineData("PageUp", 29)]
    [InlineData("PageUp Down Down", 29)]
    [InlineData("PageUp PageUp", 19)]
    [InlineData("Up Home", 0)]
    [InlineData("Up Home Down Down", 0)]
    [InlineData("Up Home PageDown", 1)]
    public void Events_scroll_only_as_far_as_the_cursor_needs(string keys, int first) =>
        Press(keys).FirstEvent(_snapshot, Page).ShouldBe(first);

    [Fact]
    public void New_events_do_not_move_the_ones_that_are_read()
    {
        var view = Press("PageUp");

        view.FirstEvent(WatchSamples.Pair(events: 60), Page).ShouldBe(29);
        new View().FirstEvent(WatchSamples.Pair(events: 60), Page).ShouldBe(50);
    }

    [Fact]
    public void A_smaller_window_still_shows_the_cursor()
    {
        var view = Press("PageUp Down Down Down Down");

        view.Event.ShouldBe(134);
        view.FirstEvent(_snapshot, page: 2).ShouldBe(32);
        view.FirstEvent(_snapshot, page: 0).ShouldBe(33);
    }

    [Fact]
    public void A_cursor_whose_row_is_gone_is_nowhere()
    {
        new View(Node: 7).NodeIndex(_snapshot).ShouldBeNull();
        new View(Event: 7).FirstEvent(_snapshot, Page).ShouldBe(30);
        new View(Node: 7).Press(Key.Down, _snapshot, Page).Node.ShouldBe(1);
    }

    [Fact]
    public void Comments_scroll_to_the_right_no_further_than_there_is_text()
    {
        Press("Right").Indent.ShouldBe(8);
        Press("Right Right Left").Indent.ShouldBe(8);
        Press("Left").Indent.ShouldBe(0);
        Press("Right Right Right Right Right Right").Indent.ShouldBe("Event 40 tells what happened".Length);
    }

    [Fact]
    public void Nothing_to_move_through_is_no_error()
    {
        var empty = WatchSamples.Many(0, events: 0);
        foreach (var key in Enum.GetValues<Key>())
        {
            new View().Press(key, empty, Page).ShouldBe(new View());
            new View().Press(key, empty, page: 0).ShouldBe(new View());
        }
    }

    private View Press(string keys) => keys
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(new View(), (view, key) => view.Press(Enum.Parse<Key>(key), _snapshot, Page));
}
