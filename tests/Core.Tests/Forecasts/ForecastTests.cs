using PgAutoFailover.Core.Explanations;
using PgAutoFailover.Core.Forecasts;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Tests.Rules;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;
using static PgAutoFailover.Core.Tests.Rules.Views;

namespace PgAutoFailover.Core.Tests.Forecasts;

public class ForecastTests
{
    private static readonly MonitorSettings s_settings = MonitorSettings.Default;

    private static readonly GroupView s_pair = Group(Node(1, NodeState.Primary), Node(2, NodeState.Secondary).Streaming(1, TimeSpan.Zero));

    [Fact]
    public void The_standby_of_a_pair_takes_over_when_the_silence_of_the_primary_counts()
    {
        var forecast = IfLost(s_pair, 1);

        forecast.IsCertain.ShouldBeTrue();
        forecast.Otherwise.ShouldBeEmpty();
        forecast.Leader?.Id.ShouldBe(2);
        forecast.Writes.ShouldBe(WriteFate.Kept);
        forecast.Within.ShouldNotBeNull().ShouldBeInRange(s_settings.NodeConsideredUnhealthyTimeout, TimeSpan.FromSeconds(25));
        forecast.Decisions.Select(d => d.RuleId).ShouldBe([325, 339, 347]);
        ForecastText.Of(forecast, s_pair).ShouldBe(
            "node 2 \"node2\" (localhost:5502) would take over within about 21 s, sooner where its host refuses connections. No acknowledged write would be lost. Commits would wait for no standby.");
    }

    [Fact]
    public void The_primary_of_a_pair_goes_on_without_its_standby()
    {
        var forecast = IfLost(s_pair, 2);

        forecast.Leader?.Id.ShouldBe(1);
        forecast.CommitsWait.ShouldBeFalse();
        forecast.Within.ShouldBeNull();
        forecast.Decisions.Select(d => d.RuleId).ShouldBe([402, 407]);
        ForecastText.Of(forecast, s_pair).ShouldContain("would go on as the primary. Commits would wait for no standby.");
    }

    [Fact]
    public void Nobody_takes_over_from_a_primary_that_commits_alone()
    {
        var group = Group(Node(1, NodeState.WaitPrimary), Node(2, NodeState.CatchingUp, NodeState.Secondary)) with { Terms = [new AckTerms(1, "")] };

        var forecast = IfLost(group with { Nodes = [group.Nodes[0], Node(2, NodeState.CatchingUp) with { Lsn = default }] }, 1);

        forecast.Leader.ShouldBeNull();
        forecast.Writes.ShouldBe(WriteFate.OutOfReach);
        ForecastText.Of(forecast, group).ShouldContain("--allow-data-loss");
    }

    [Fact]
    public void Writes_may_be_lost_where_no_standby_is_in_the_quorum()
    {
        var pair = s_pair with { Nodes = [.. s_pair.Nodes.Select(n => n with { ReplicationQuorum = false })], Terms = [new AckTerms(1, "")] };

        var forecast = IfLost(pair, 1);

        forecast.Leader?.Id.ShouldBe(2);
        forecast.Writes.ShouldBe(WriteFate.MayBeLost);
        forecast.Within.ShouldNotBeNull().ShouldBeGreaterThan(s_settings.PrimaryDemoteTimeout, "its lease has to be over");
    }

    [Fact]
    public void Of_equal_candidates_nobody_can_say_which_one_it_will_be()
    {
        var trio = Group(Node(1, NodeState.Primary), Node(2, NodeState.Secondary), Node(3, NodeState.Secondary));

        var forecast = IfLost(trio, 1);
        new[] { forecast.Leader!.Id, forecast.OrElse.Single().Id }.ShouldBe([2, 3], ignoreOrder: true);
        IfLost(trio.With(trio.Nodes[2] with { CandidatePriority = 50 }), 1).OrElse.ShouldBeEmpty();
    }

    [Fact]
    public void Commits_wait_where_number_sync_standbys_asks_for_more_than_are_left()
    {
        var trio = Group(Node(1, NodeState.Primary), Node(2, NodeState.Secondary), Node(3, NodeState.Secondary));
        trio = trio with { Formation = trio.Formation with { NumberSyncStandbys = 1 } };

        IfLost(trio, 3).CommitsWait.ShouldBeFalse();
        var two = trio.With(trio.Nodes[2].SilentFor(TimeSpan.FromMinutes(1)));
        var forecast = IfLost(two, 2);
        forecast.CommitsWait.ShouldBeTrue();
        forecast.Away.ShouldHaveSingleItem().Id.ShouldBe(3);
        IfLost(two, 1).Leader.ShouldBeNull("one of two standbys need not hold what the other acknowledged");
    }

    [Fact]
    public void In_the_middle_of_a_switchover_it_depends_on_what_is_noticed_first()
    {
        var group = Group(Node(1, NodeState.Primary, NodeState.Draining), Node(2, NodeState.PreparePromotion));
        group = group with { Nodes = [.. group.Nodes.Select(n => n with { StateChangedAt = AtNoon.Now })] };

        var forecast = IfLost(group, 2);

        forecast.Leader.ShouldBeNull("the primary has stopped before the silence of the candidate counts");
        forecast.Otherwise.ShouldHaveSingleItem().Leader?.Id.ShouldBe(1);
        forecast.IsCertain.ShouldBeFalse();
        ForecastText.Of(forecast, group).ShouldStartWith("In the middle of a change nothing is certain. It depends on what comes first: ");
    }

    [Fact]
    public void Without_health_checks_silence_never_counts() =>
        Forecast.Of(s_pair, 1, s_settings with { EnableHealthChecks = false }, AtNoon).Leader.ShouldBeNull();

    [Fact]
    public void An_explanation_says_who_is_waited_for_and_what_ends_it()
    {
        var group = Group(Node(1, NodeState.Primary, NodeState.Draining), Node(2, NodeState.Secondary, NodeState.PreparePromotion));

        var explanation = Explanation.Of(group, ifLost: null, s_settings, AtNoon);

        explanation.Summary.ShouldBe("Nobody takes writes.");
        explanation.Waits.Select(w => w.What).ShouldBe([
            "node 1 \"node1\" (localhost:5501) is primary and was told 60 s ago to become draining.",
            "node 2 \"node2\" (localhost:5502) is secondary and was told 60 s ago to become prepare_promotion."]);
        explanation.Waits[0].Until.ShouldContain("draining");
        explanation.Next.Leader?.Id.ShouldBe(2);
        explanation.IfLost.Select(f => f.Lost?.Id).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_group_at_rest_waits_for_nothing()
    {
        var explanation = Explanation.Of(s_pair, ifLost: 2, s_settings, AtNoon);

        explanation.Summary.ShouldContain("node 1 \"node1\" (localhost:5501) takes writes; each commit waits for 1 of node 2");
        explanation.Waits.ShouldBeEmpty();
        explanation.Blocked.ShouldBeNull();
        explanation.Next.Decisions.ShouldBeEmpty();
        explanation.IfLost.ShouldHaveSingleItem().Lost?.Id.ShouldBe(2);
    }

    private static Forecast IfLost(GroupView group, long nodeId) => Forecast.Of(group, nodeId, s_settings, AtNoon);
}
