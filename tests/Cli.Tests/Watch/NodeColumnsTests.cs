using PgAutoFailover.Cli.Watch;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Watch;

public sealed class NodeColumnsTests
{
    [Theory]
    [InlineData(200, "Name, Node, Quorum, Priority, Last Report, Last Check, Host:Port, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(138, "Name, Node, Quorum, Priority, Last Report, Last Check, Host:Port, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(137, "Name, Node, Last Report, Last Check, Host:Port, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(120, "Name, Node, Last Report, Last Check, Host:Port, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(119, "Name, Id, Report, Check, Host:Port, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(100, "Name, Id, Report, Check, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(80, "Name, Id, Report, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(75, "Name, Id, TLI: LSN, Connection, Reported State, Assigned State")]
    [InlineData(60, "Name, Id, Connection, Reported State, Assigned State")]
    [InlineData(50, "Name, Id, Reported State, Assigned State")]
    [InlineData(42, "Name, Reported State, Assigned State")]
    [InlineData(10, "Name, Reported State, Assigned State")]
    public void A_window_shows_what_it_has_room_for(int width, string titles) =>
        string.Join(", ", NodeColumns.For(WatchSamples.Pair().Nodes, width).Columns.Select(c => c.Title)).ShouldBe(titles);

    [Fact]
    public void A_wider_window_never_shows_fewer_columns()
    {
        var counts = Enumerable.Range(1, 200).Select(width => NodeColumns.For(WatchSamples.Many(12).Nodes, width).Columns.Count).ToList();

        counts.ShouldBe(counts.Order());
    }

    [Fact]
    public void The_states_of_a_failover_do_not_change_the_columns()
    {
        NodeState[] states =
        [
            NodeState.Primary, NodeState.Draining, NodeState.DemoteTimeout, NodeState.StopReplication, NodeState.PreparePromotion,
            NodeState.WaitPrimary, NodeState.ReportLsn, NodeState.JoinSecondary, NodeState.CatchingUp, NodeState.Secondary,
        ];
        for (var width = 1; width <= 200; width++)
        {
            states.Select(s => NodeColumns.For([WatchSamples.Node("node1", 1, s, s)], width).TitleText).Distinct().Count().ShouldBe(1);
        }
    }

    [Fact]
    public void A_node_that_was_never_checked_has_no_time_of_it() =>
        NodeColumns.For([WatchSamples.Node("node1", 1, NodeState.Init, NodeState.Single) with { SinceCheck = null }], 130)
            .RowText(WatchSamples.Node("node1", 1, NodeState.Init, NodeState.Single, health: -1) with { SinceCheck = null })
            .ShouldBe("node1     1           0s           -  localhost:5501    1: 0/3000148        none ?               init             single");

    [Fact]
    public void A_wide_window_tells_what_a_node_may_be_counted_on_for()
    {
        var node = WatchSamples.Node("node1", 1, NodeState.Secondary, NodeState.Secondary);
        node = node with { Row = node.Row with { CandidatePriority = 50, ReplicationQuorum = false } };

        NodeColumns.For([node], 200).RowText(node)
            .ShouldBe("node1     1      no        50           0s          3s  localhost:5501    1: 0/3000148     read-only          secondary          secondary");
    }

    [Theory]
    [InlineData(-2, "0s")]
    [InlineData(0.9, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(61, "1m01s")]
    [InlineData(3599, "59m59s")]
    [InlineData(3660, "1h01m")]
    [InlineData(90000, "1d01h")]
    [InlineData(8640000, "100d")]
    public void An_age_is_short(double seconds, string text) => Age.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
