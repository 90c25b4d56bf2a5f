using System.Text.Json.Nodes;
using PgAutoFailover.Cli.Explain;
using PgAutoFailover.Cli.Output;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Explain;

public class FailoverStoryTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly EventRow[] s_quiet =
    [
        Event(0, 1, "Setting goal state of node 1 to primary now that we have a healthy secondary node in the quorum. [rule 411]"),
        Event(1, 1, "New state is reported by node 1: \"primary\""),
    ];

    private static readonly EventRow[] s_failover =
    [
        Event(10, 2, "Setting goal state of node 2 to prepare_promotion and node 1 to draining as node 1 is unhealthy: gone. [rule 325]"),
        Event(10, 1, "Setting goal state of node 2 to prepare_promotion and node 1 to draining as node 1 is unhealthy: gone. [rule 325]"),
        Event(10.2, 2, "New state is reported by node 2: \"prepare_promotion\""),
        Event(10.3, 2, "Setting goal state of node 2 to stop_replication as node 1 cannot be waited for: gone. [rule 339]"),
        Event(10.4, 2, "Setting goal state of node 2 to wait_primary as the old primary waits. [rule 347]"),
    ];

    [Fact]
    public void A_promotion_is_told_from_the_decision_that_began_it_with_its_proof()
    {
        var story = FailoverStory.Last([.. s_quiet, .. s_failover, Event(10.6, 2, "New state is reported by node 2: \"wait_primary\"")]).ShouldNotBeNull();

        story.End.ShouldBe(StoryEnd.Promoted);
        story.Steps.Select(s => s.Rule).ShouldBe([325, null, 339, 347]);
        story.Steps[0].Text.ShouldEndWith("gone.");
        story.Proof.ShouldNotBeNull().Rationale.ShouldStartWith("Proof: ");
    }

    [Fact]
    public void One_that_was_called_off_and_one_that_goes_on_are_told_as_such()
    {
        FailoverStory.Last([.. s_failover[..3], Event(12, 1, "Setting goal state of node 1 to wait_primary as node 2 is unhealthy. [rule 351]")])
            .ShouldNotBeNull().End.ShouldBe(StoryEnd.CalledOff);
        FailoverStory.Last(s_failover[..4]).ShouldNotBeNull().End.ShouldBe(StoryEnd.UnderWay);
        FailoverStory.Last(s_quiet).ShouldBeNull();
    }

    [Fact]
    public void The_last_of_several_is_told()
    {
        var story = FailoverStory.Last([.. s_failover, Event(60, 2, "Setting goal state of node 2 to draining and node 1 to prepare_promotion after a user-initiated failover. [rule 105]")]).ShouldNotBeNull();

        story.Steps.ShouldHaveSingleItem().Rule.ShouldBe(105);
        story.End.ShouldBe(StoryEnd.UnderWay);
    }

    [Fact]
    public void A_person_is_told_in_sections()
    {
        var explanation = JsonNode.Parse(
            """
            {"formation": "default", "group": 0, "summary": "node 2 takes writes.", "leader": null, "blocked": null,
             "nodes": [{"node_name": "node2", "reported_state": "wait_primary", "goal_state": "primary"}],
             "waits": [{"what": "node 2 is on its way.", "until": "Its report ends this."}], "next": [{"rule": 410, "message": "Setting."}],
             "if_lost": [{"node_name": "node2", "sentence": "Nobody would take writes."}]}
            """)!;

        ExplanationText.Of(explanation, FailoverStory.Last(s_failover)).ShouldBe(
            """
            Formation "default", group 0
              node 2 takes writes.
                node2: wait_primary, to become primary

            Waiting for
              node 2 is on its way. Its report ends this.
                then rule 410: Setting.

            The last failover
              2026-11-21 12:00:10 UTC
                +0.0 s  Setting goal state of node 2 to prepare_promotion and node 1 to draining as node 1 is unhealthy: gone. [rule 325, primary fails, synchronous standby]
                +0.2 s  New state is reported by node 2: "prepare_promotion"
                +0.3 s  Setting goal state of node 2 to stop_replication as node 1 cannot be waited for: gone. [rule 339, cut the primary off]
                +0.4 s  Setting goal state of node 2 to wait_primary as the old primary waits. [rule 347, promote, primary cut off]
              A node was promoted. Proof: P had confirmed that it waits for its standbys, and so many of them have stopped receiving that it cannot have enough.

            If a node were lost now
              node2: Nobody would take writes.

            """);
    }

    private static EventRow Event(double second, long node, string description) => new("", 0, node, "", "", description) { At = s_noon.AddSeconds(second) };
}
