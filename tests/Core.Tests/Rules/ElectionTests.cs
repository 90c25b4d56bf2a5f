using PgAutoFailover.Core.Explanations;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;
using static PgAutoFailover.Core.Tests.Rules.Views;

namespace PgAutoFailover.Core.Tests.Rules;

/// <summary>Elections among three nodes and more, view by view.</summary>
public class ElectionTests
{
    private const string TwoOfThem = "ANY 1 (pgautofailover_standby_2, pgautofailover_standby_3)";

    private static readonly MonitorSettings s_settings = MonitorSettings.Default;

    /// <summary>Rules that tests of this class see firing.</summary>
    public static IReadOnlyList<int> Rows { get; } = [312, 313, 350, 353, 363, 364, 367, 369, 375, 408];

    [Fact]
    public void A_lost_primary_is_drained_and_its_standbys_are_asked_for_their_positions()
    {
        var decision = Settled(Node(1, NodeState.Primary).Killed(), Node(2, NodeState.Secondary), Node(3, NodeState.Secondary)).Decide().ShouldNotBeNull();

        decision.RuleId.ShouldBe(305);
        decision.Goals.ShouldBe([new(1, NodeState.Draining), new(2, NodeState.ReportLsn), new(3, NodeState.ReportLsn)]);
    }

    [Fact]
    public void A_first_node_that_is_being_made_alarms_nobody_unless_it_falls_silent()
    {
        var beingMade = Node(1, NodeState.Init, NodeState.Single) with { PgIsRunning = false };

        Blockage.Of(Group(beingMade, Node(2, NodeState.WaitStandby)), s_settings, AtNoon).ShouldBeNull();
        Blockage.Of(Group(beingMade.SilentFor(TimeSpan.FromMinutes(5)), Node(2, NodeState.WaitStandby)), s_settings, AtNoon)
            .ShouldNotBeNull().ShouldContain("drop node --formation default --name node1 --force");
    }

    [Fact]
    public void Nobody_is_drained_while_the_standbys_in_touch_are_too_few()
    {
        var group = Settled(Node(1, NodeState.Primary).Killed(), Node(2, NodeState.Secondary).Killed(), Node(3, NodeState.Secondary));

        group.Decide().ShouldBeNull();
        Blockage.Of(group, s_settings, AtNoon).ShouldNotBeNull().ShouldContain("--allow-data-loss");
    }

    [Fact]
    public void A_standby_that_was_away_before_need_not_be_heard()
    {
        var group = Settled(Node(1, NodeState.Primary).Killed(), Node(2, NodeState.CatchingUp).Killed(), Node(3, NodeState.Secondary))
            with
        { Terms = [new AckTerms(1, "ANY 1 (pgautofailover_standby_3)")] };

        group.Decide().ShouldNotBeNull().Goals.ShouldBe([new(1, NodeState.Draining), new(3, NodeState.ReportLsn)]);
    }

    [Fact]
    public void Both_values_count_until_the_primary_has_confirmed_the_new_one()
    {
        var group = Settled(Node(1, NodeState.Primary, NodeState.ApplySettings).Killed(), Node(2, NodeState.CatchingUp).Killed(), Node(3, NodeState.Secondary))
            with
        { Terms = [new AckTerms(1, TwoOfThem), new AckTerms(1, "ANY 1 (pgautofailover_standby_3)")] };

        group.Decide().ShouldBeNull();
    }

    [Fact]
    public void The_highest_priority_wins_and_fetches_what_it_lacks()
    {
        var two = Node(2, NodeState.ReportLsn) with { Lsn = new Lsn(100) };
        var three = Node(3, NodeState.ReportLsn) with { Lsn = new Lsn(200) };

        Elect(two, three).Winner.ShouldBe(three);
        var election = Elect(two with { CandidatePriority = 101 }, three);
        election.Winner?.Id.ShouldBe(2);
        election.Source.ShouldBe(three);
        Elect(two with { CandidatePriority = 101, Lsn = new Lsn(200) }, three).Source.ShouldBeNull();
        Elect(two with { Timeline = 2 }, three).Winner?.Id.ShouldBe(2);
        Elect(two with { CandidatePriority = 0 }, three with { CandidatePriority = 0 }).Blocked.ShouldNotBeNull().ShouldContain("priority 0");
    }

    [Fact]
    public void Whoever_is_about_to_report_is_waited_for_as_long_as_patience_lasts()
    {
        var two = Node(2, NodeState.ReportLsn);
        var late = Node(3, NodeState.Secondary, NodeState.ReportLsn);
        var one = Node(4, NodeState.ReportLsn);
        var terms = new AckTerms(1, "ANY 2 (pgautofailover_standby_2, pgautofailover_standby_3, pgautofailover_standby_4)");

        Elect(terms, two, late with { StateChangedAt = AtNoon.Now }, one).ShouldBe(new Election(null, null, null));
        Elect(terms, two, late, one).Winner.ShouldNotBeNull();
    }

    [Fact]
    public void A_node_that_reported_and_went_away_counts_only_if_nobody_lacks_what_it_had()
    {
        var two = Node(2, NodeState.ReportLsn) with { Lsn = new Lsn(200) };
        var three = Node(3, NodeState.ReportLsn) with { Lsn = new Lsn(200) };

        Elect(two, three.Killed()).Winner?.Id.ShouldBe(2);
        Elect(two with { Lsn = new Lsn(100) }, three.Killed()).Blocked.ShouldNotBeNull().ShouldContain("node 3");
    }

    [Fact]
    public void Who_is_elected_is_promoted_at_once_where_that_proves_that_the_old_primary_cannot_acknowledge()
    {
        var (two, three) = (Node(2, NodeState.ReportLsn), Node(3, NodeState.ReportLsn));

        var decision = Leaderless(two, three).Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(371);
        decision.Goals.ShouldBe([new(2, NodeState.WaitPrimary), new(1, NodeState.Demoted)]);
        decision.Message.ShouldContain("acknowledgements that it cannot get");
        Settled(Node(1, NodeState.Draining), two, three).Decide().ShouldNotBeNull().Message.ShouldContain("no other node takes writes");
    }

    [Fact]
    public void Where_loss_was_accepted_the_old_primary_is_given_the_time_to_stop()
    {
        var down = Node(1, NodeState.Primary) with { PgIsRunning = false };
        var group = Settled(down, Node(2, NodeState.Secondary), Node(3, NodeState.Secondary).Killed());
        group = GroupRules.Apply(group, Failover.PerformWithLoss(group, s_settings, AtNoon).Decision.ShouldNotBeNull(), AtNoon);
        group = group with { Nodes = [.. group.Nodes.Select(n => n.Id == 2 ? Node(2, NodeState.ReportLsn) : n)] };

        var decision = group.Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(375);
        GroupRules.Apply(group, decision, AtNoon).With(Node(2, NodeState.PreparePromotion)).Decide()
            .ShouldBeNull("its keeper is in touch, and may have PostgreSQL back before it hears that it is to stop");
    }

    [Fact]
    public void Who_is_elected_outside_the_quorum_waits_for_the_old_primary_to_stop()
    {
        var (two, three) = (Node(2, NodeState.ReportLsn) with { ReplicationQuorum = false }, Node(3, NodeState.ReportLsn) with { ReplicationQuorum = false });
        var group = Group(Node(1, NodeState.Primary, NodeState.Draining).SilentFor(TimeSpan.FromSeconds(31)), two, three) with { Terms = [new AckTerms(1, "")] };

        var decision = group.Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(375);
        decision.Goals.ShouldBe([new(2, NodeState.PreparePromotion)]);
    }

    [Fact]
    public void A_planned_switchover_is_called_off_where_nobody_outside_the_quorum_has_what_the_old_primary_had()
    {
        var drained = Node(1, NodeState.Draining) with { PgIsRunning = false, Evidence = new NodeEvidence { KeeperVersion = "1", StoppedAt = "0/3000100" } };
        var (two, three) = (Node(2, NodeState.ReportLsn) with { ReplicationQuorum = false }, Node(3, NodeState.ReportLsn) with { ReplicationQuorum = false });
        GroupView Electing(params NodeView[] nodes) => Group(nodes) with { Terms = [new AckTerms(1, "")] };

        var decision = Electing(drained, two, three).Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(353);
        decision.Message.ShouldContain("lacks what node 1");

        // One of them has it: the other fetches that where it is preferred.
        Electing(drained, two, three with { Lsn = new Lsn(0x3000100) }).Decide().ShouldNotBeNull().Goals[0].ShouldBe(new(3, NodeState.WaitPrimary));
        Electing(drained, two with { CandidatePriority = 101 }, three with { Lsn = new Lsn(0x3000100) }).Decide().ShouldNotBeNull().Goals.ShouldBe([new(2, NodeState.FastForward)]);
        Electing(drained.Killed(), two, three).Decide().ShouldNotBeNull().RuleId.ShouldBe(371, "the settings accept the loss of up to promote_wal_log_threshold with a primary that is lost");
    }

    [Theory]
    [InlineData(NodeState.Init, 363, NodeState.WaitStandby)]
    [InlineData(NodeState.Maintenance, 364, NodeState.CatchingUp)]
    [InlineData(NodeState.Secondary, 364, NodeState.CatchingUp)]
    public void Who_did_not_report_in_time_follows_whoever_was_elected(NodeState reported, int rule, NodeState goal)
    {
        var decision = Settled(Node(1, NodeState.WaitPrimary), Node(2, reported, NodeState.ReportLsn)).Decide().ShouldNotBeNull();

        decision.RuleId.ShouldBe(rule);
        decision.Goals.ShouldBe([new(2, goal)]);
        (Settled(Node(1, NodeState.ReportLsn, NodeState.WaitPrimary), Node(2, reported, NodeState.ReportLsn)).Decide()?.RuleId).ShouldNotBe(rule);
    }

    [Fact]
    public void A_source_that_dies_is_replaced_or_the_election_is_held_again()
    {
        var fetching = Node(2, NodeState.ReportLsn, NodeState.FastForward) with { Lsn = new Lsn(100), CandidatePriority = 60 };
        var source = Node(3, NodeState.ReportLsn) with { Lsn = new Lsn(200) };

        Leaderless(fetching, source, source with { Id = 4 }).Decide().ShouldBeNull();
        Leaderless(fetching, source.Killed(), source with { Id = 4 }).Decide().ShouldBeNull();
        var decision = Leaderless(fetching, source.Killed(), Node(4, NodeState.ReportLsn) with { Lsn = new Lsn(100) }).Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(313);
        Leaderless(Node(2, NodeState.FastForward) with { Lsn = new Lsn(100) }, source).Decide().ShouldNotBeNull().RuleId.ShouldBe(312);
    }

    [Fact]
    public void A_candidate_is_not_promoted_with_less_than_what_was_acknowledged()
    {
        var fetched = Node(2, NodeState.FastForward) with { Lsn = new Lsn(100), CandidatePriority = 60 };
        var source = Node(3, NodeState.ReportLsn) with { Lsn = new Lsn(200) };
        var other = Node(4, NodeState.ReportLsn) with { Lsn = new Lsn(100) };
        Decision? DecideWith(NodeView candidate) => (Leaderless(candidate, source.Killed(), other) with
        {
            Terms = [new AckTerms(1, "ANY 1 (pgautofailover_standby_2, pgautofailover_standby_3, pgautofailover_standby_4)")],
        }).Decide();

        // What another node had to give after the source died was less than what the source alone held.
        DecideWith(fetched).ShouldNotBeNull().RuleId.ShouldBe(312);
        DecideWith(fetched with { Lsn = new Lsn(200) }).ShouldNotBeNull().RuleId.ShouldBe(311);
    }

    [Fact]
    public void A_candidate_that_dies_before_it_was_promoted_is_replaced()
    {
        var decision = Leaderless(Node(2, NodeState.ReportLsn, NodeState.PreparePromotion).Killed(), Node(3, NodeState.ReportLsn)).Decide().ShouldNotBeNull();

        decision.RuleId.ShouldBe(350);
        decision.Goals.ShouldBe([new(2, NodeState.ReportLsn)]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(50, true)]
    public void A_candidate_that_is_being_rewound_is_waited_for_where_nobody_else_may_lead(int priorityOfTheOther, bool isReplaced)
    {
        var rewound = Node(2, NodeState.ReportLsn, NodeState.FastForward) with { Lsn = new Lsn(100), PgIsRunning = false, Evidence = new NodeEvidence { Rewriting = true } };
        var source = Node(3, NodeState.ReportLsn) with { Lsn = new Lsn(200), CandidatePriority = priorityOfTheOther };

        (Leaderless(rewound, source).Decide()?.RuleId == 350).ShouldBe(isReplaced);
        Leaderless(rewound with { Evidence = NodeEvidence.None }, source).Decide().ShouldNotBeNull().RuleId.ShouldBe(350);
    }

    [Fact]
    public void A_position_from_before_the_node_stopped_receiving_says_nothing()
    {
        var asked = Node(2, NodeState.Secondary, NodeState.ReportLsn);
        var died = new NodeReport("default", 2, 0, NodeState.ReportLsn, PgIsRunning: false, 0, Lsn.Invalid, "", NodeEvidence.None);
        var silent = Reports.Accept(asked, died, knowsGoal: true, AtNoon);

        silent.ConvergedTo(NodeState.ReportLsn).ShouldBeTrue();
        silent.Lsn.IsValid.ShouldBeFalse();
        Leaderless(silent, Node(3, NodeState.ReportLsn)).Decide().ShouldBeNull("what it had received last is not known");
        var known = Reports.Accept(asked, died with { PgIsRunning = true, Timeline = 1, Lsn = asked.Lsn }, knowsGoal: true, AtNoon);
        Reports.Accept(known, died, knowsGoal: true, AtNoon).Lsn.ShouldBe(asked.Lsn, "it has not moved since");
        Leaderless(known, Node(3, NodeState.ReportLsn)).Decide().ShouldNotBeNull();
    }

    [Fact]
    public void An_old_primary_that_has_stopped_goes_on_when_nobody_can_take_over()
    {
        var group = Settled(Node(1, NodeState.Draining), Node(2, NodeState.ReportLsn), Node(3, NodeState.ReportLsn).Killed());

        var decision = (group with { Terms = [new AckTerms(1, TwoOfThem)] }).Decide(n => n with { Lsn = new Lsn((ulong)n.Id) }).ShouldNotBeNull();
        decision.RuleId.ShouldBe(353);
        decision.Goals.ShouldBe([new(1, NodeState.WaitPrimary)]);
    }

    [Fact]
    public void A_preference_ends_with_its_election_also_when_that_is_called_off()
    {
        var preferred = Node(3, NodeState.ReportLsn).Killed() with { CandidatePriority = 50 + Election.Preference };
        var stuck = Settled(Node(1, NodeState.Draining), Node(2, NodeState.ReportLsn), preferred);
        var pair = Group(Node(1, NodeState.Draining), Node(3, NodeState.Secondary, NodeState.PreparePromotion).Killed() with { CandidatePriority = 50 + Election.Preference });

        var decision = stuck.Decide(n => n with { Lsn = new Lsn((ulong)n.Id) }).ShouldNotBeNull();
        decision.RuleId.ShouldBe(353);
        decision.Priorities.ShouldBe([(3, 50)]);
        decision = pair.Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(351);
        decision.Priorities.ShouldBe([(3, 50)]);
    }

    [Fact]
    public void A_primary_that_was_removed_by_force_is_replaced()
    {
        var group = Settled(Node(1, NodeState.Primary).Killed(), Node(2, NodeState.Secondary).Killed(), Node(3, NodeState.Secondary), Node(4, NodeState.Secondary));
        var after = GroupRules.Apply(group, Removal.Remove(group, 1, force: true).Decision.ShouldNotBeNull(), AtNoon);

        after.Decide().ShouldNotBeNull().RuleId.ShouldBe(367);
    }

    [Theory]
    [InlineData(0, 369)]
    [InlineData(50, 371)]
    public void An_old_primary_whose_successor_was_removed_is_asked_only_where_nobody_else_may_lead(int priorityOfTheOther, int rule)
    {
        var group = Settled(Node(1, NodeState.Demoted, NodeState.CatchingUp), Node(2, NodeState.ReportLsn) with { CandidatePriority = priorityOfTheOther }) with { Terms = [] };
        var decision = group.Decide().ShouldNotBeNull();

        decision.RuleId.ShouldBe(rule);
        if (rule == 369)
        {
            decision.Goals.ShouldBe([new(1, NodeState.ReportLsn)]);
        }
    }

    [Fact]
    public void Writes_do_not_hang_for_ever_where_standbys_are_up_but_out_of_reach()
    {
        var primary = Node(1, NodeState.Primary) with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(11) };

        var group = Settled(primary, Node(2, NodeState.CatchingUp), Node(3, NodeState.CatchingUp).Killed()) with { Terms = [new AckTerms(1, TwoOfThem)] };
        group.Decide().ShouldNotBeNull().RuleId.ShouldBe(408);
        Settled(primary, Node(2, NodeState.CatchingUp).Killed(), Node(3, NodeState.CatchingUp).Killed()).Decide()
            .ShouldBeNull("number_sync_standbys says that writes wait for standbys that are down");
    }

    [Fact]
    public void Writes_do_not_hang_for_ever_where_only_a_standby_that_nobody_waits_for_receives()
    {
        // Its keeper counts those that its commits wait for.
        var primary = Node(1, NodeState.Primary) with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(11) };
        var far = Node(4, NodeState.Secondary) with { ReplicationQuorum = false };
        var deaf = Node(2, NodeState.CatchingUp) with { Evidence = new NodeEvidence { KeeperVersion = "1" } };
        GroupView With(NodeView leader, NodeView standby) => Settled(leader, standby, Node(3, NodeState.CatchingUp).Killed(), far) with { Terms = [new AckTerms(1, TwoOfThem)] };

        With(primary, deaf).Decide().ShouldNotBeNull().RuleId.ShouldBe(408);
        With(primary with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(9) }, deaf).Decide().ShouldBeNull();
        With(primary, deaf.Killed()).Decide().ShouldBeNull("number_sync_standbys says that writes wait for standbys that are down");

        // One that has just come back is about to receive.
        var since = AtNoon.Now - TimeSpan.FromSeconds(9);
        With(primary, deaf with { LinkChangedAt = since }).Decide().ShouldBeNull();
        With(primary, deaf with { RunsSince = since }).Decide().ShouldBeNull();
    }

    [Fact]
    public void A_standby_goes_into_maintenance_when_no_write_waits_for_it()
    {
        GroupView Leaving(NodeState primary, NodeState other, params string[] names) => Settled(Node(1, primary), Node(2, NodeState.WaitMaintenance), Node(3, other))
            with
        { Terms = [.. names.Select(n => new AckTerms(1, n))] };

        const string Other = "ANY 1 (pgautofailover_standby_3)";
        Leaving(NodeState.Primary, NodeState.Secondary, Other).Decide().ShouldNotBeNull().Goals.ShouldBe([new(2, NodeState.Maintenance)]);
        Leaving(NodeState.WaitPrimary, NodeState.WaitStandby, "").Decide(n => n with { Lsn = n.Reported == NodeState.WaitStandby ? Lsn.Invalid : n.Lsn }).ShouldNotBeNull();
        foreach (var names in new[] { TwoOfThem, "*" })
        {
            (Leaving(NodeState.Primary, NodeState.Secondary, Other, names).Decide()?.Goals.Any(g => g.NodeId == 2) ?? false).ShouldBeFalse(names);
        }
    }

    [Fact]
    public void Loss_is_accepted_only_of_a_node_that_is_lost()
    {
        var standbys = new[] { Node(2, NodeState.Secondary), Node(3, NodeState.Secondary).Killed() };
        Failover.PerformWithLoss(Settled([Node(1, NodeState.WaitPrimary), .. standbys]), s_settings, AtNoon).Error.ShouldNotBeNull();

        var result = Failover.PerformWithLoss(Settled([Node(1, NodeState.WaitPrimary).Killed(), .. standbys]), s_settings, AtNoon);
        result.Remark.ShouldNotBeNull().Severity.ShouldBe("WARNING");
        var decision = result.Decision.ShouldNotBeNull();
        decision.AcceptsLoss.ShouldBeTrue();
        decision.Goals.ShouldBe([new(1, NodeState.Draining), new(2, NodeState.ReportLsn)]);
    }

    [Fact]
    public void Loss_is_not_accepted_while_a_failover_goes_on_that_has_none()
    {
        var standbys = new[] { Node(2, NodeState.Secondary), Node(3, NodeState.Secondary) };
        var stopping = Node(1, NodeState.Primary, NodeState.Draining) with { StateChangedAt = AtNoon.Now };
        Failover.PerformWithLoss(Settled([stopping, .. standbys]), s_settings, AtNoon).Error.ShouldNotBeNull().Message.ShouldContain("under way");
        Explanation.Of(Settled([stopping, .. standbys]), null, s_settings, AtNoon).Loss.ShouldBeNull();
        Failover.PerformWithLoss(Settled([stopping.Killed(), .. standbys]), s_settings, AtNoon).Decision.ShouldNotBeNull("it is lost");

        var asked = Node(3, NodeState.Secondary, NodeState.ReportLsn) with { StateChangedAt = AtNoon.Now };
        Failover.PerformWithLoss(Leaderless(Node(2, NodeState.ReportLsn), asked), s_settings, AtNoon).Error.ShouldNotBeNull("it has had no time to say how far it has got");
        Failover.PerformWithLoss(Leaderless(Node(2, NodeState.ReportLsn), asked.Killed()), s_settings, AtNoon).Decision.ShouldNotBeNull();
    }

    [Fact]
    public void A_node_that_was_told_to_lead_and_has_not_answered_may_have_begun()
    {
        var silent = Node(2, NodeState.StopReplication, NodeState.Draining).SilentFor(TimeSpan.FromSeconds(6));
        var pair = Group(Node(1, NodeState.ReportLsn), silent) with { Terms = [] };

        pair.Decide().ShouldNotBeNull().RuleId.ShouldBe(375, "it is elected, but is not to take writes yet");
        var candidate = Node(1, NodeState.StopReplication);
        (Group(candidate, silent with { StateChangedAt = AtNoon.Now }) with { Terms = [] }).Decide().ShouldBeNull();
        (Group(candidate, silent.Killed()) with { Terms = [] }).Decide().ShouldNotBeNull().RuleId.ShouldBe(347);
    }

    [Fact]
    public void A_candidate_that_was_called_off_and_finds_nobody_to_follow_may_lead_where_loss_is_accepted()
    {
        var group = Group(Node(1, NodeState.Demoted, NodeState.WaitPrimary).Killed(), Node(2, NodeState.PreparePromotion, NodeState.CatchingUp) with { ReplicationQuorum = false });

        Failover.PerformWithLoss(group, s_settings, AtNoon).Decision.ShouldNotBeNull().Goals.ShouldBe([new(1, NodeState.Draining), new(2, NodeState.ReportLsn)]);
    }

    [Fact]
    public void Each_election_that_is_stuck_names_the_command_that_helps()
    {
        var priority = Leaderless(Node(2, NodeState.ReportLsn) with { CandidatePriority = 0 }, Node(3, NodeState.ReportLsn) with { CandidatePriority = 0 });
        Blockage.Of(priority, s_settings, AtNoon).ShouldNotBeNull().ShouldContain("pg_autoctl set node candidate-priority --formation default --name node2 50");

        var stray = Settled(
            Node(1, NodeState.Primary, NodeState.Draining).Killed(), Node(2, NodeState.ReportLsn),
            Node(3, NodeState.Secondary, NodeState.ReportLsn) with { ReplicationQuorum = false, Timeline = 2 });
        stray = stray with { Terms = [new AckTerms(1, "ANY 1 (pgautofailover_standby_2)")] };
        Blockage.Of(stray, s_settings, AtNoon).ShouldNotBeNull().ShouldContain("drop node --formation default --name node3 --force");
    }

    [Fact]
    public void An_old_primary_that_has_stopped_can_lead_again_where_loss_is_accepted()
    {
        var pair = Group(Node(1, NodeState.Demoted) with { PgIsRunning = false }, Node(2, NodeState.StopReplication, NodeState.WaitPrimary).Killed())
            with
        { Terms = [new AckTerms(2, "")] };

        Failover.PerformWithLoss(pair, s_settings, AtNoon).Decision.ShouldNotBeNull().Goals.ShouldBe([new(2, NodeState.Draining), new(1, NodeState.ReportLsn)]);
    }

    private static Election Elect(params NodeView[] nodes) => Elect(new AckTerms(1, TwoOfThem), nodes);

    private static Election Elect(AckTerms terms, params NodeView[] nodes) =>
        Election.Of(Leaderless(nodes) with { Terms = [terms] }, s_settings, AtNoon);

    private static GroupView Leaderless(params NodeView[] nodes) => Settled([Node(1, NodeState.Primary, NodeState.Draining).Killed(), .. nodes]);

    private static GroupView Settled(params NodeView[] nodes)
    {
        var group = Group(nodes) with { Formation = Formation.Default with { NumberSyncStandbys = 1 } };
        return group with { Terms = [new AckTerms(1, TwoOfThem)] };
    }

    [Fact]
    public void An_asynchronous_primary_that_has_been_dropped_is_not_waited_for_by_nodes_that_join_later()
    {
        var standby = Node(2, NodeState.ReportLsn) with { ReplicationQuorum = false, CandidatePriority = 0 };
        var group = new GroupView(Formation.Default, 0, [Node(1, NodeState.Dropped), standby]) { Terms = [new(1, "")] };

        var after = GroupRules.Apply(group, group.Decide().ShouldNotBeNull(), AtNoon);
        var later = after with { Nodes = after.Nodes.Add(Node(3, NodeState.ReportLsn)) };

        later.Decide().ShouldNotBeNull().Goals.ShouldBe([new(3, NodeState.WaitPrimary)]);
    }

    [Fact]
    public void Nobody_begins_a_timeline_that_a_member_is_known_to_have_got_to()
    {
        var behind = Node(1, NodeState.ReportLsn) with { ReplicationQuorum = false, Timeline = 1 };
        var away = (Node(3, NodeState.Secondary, NodeState.ReportLsn) with { ReplicationQuorum = false, Timeline = 2 }).SilentFor(TimeSpan.FromSeconds(60));
        var group = new GroupView(Formation.Default, 0, [behind, away]);

        group.Decide().ShouldBeNull();
        Blockage.Of(group, s_settings, AtNoon).ShouldNotBeNull().ShouldContain("would begin another one of that number");
        Failover.PerformWithLoss(group, s_settings, AtNoon).Error.ShouldNotBeNull().Hint.ShouldNotBeNull().ShouldContain("--name node3 --force");
        group.Without(3).Decide().ShouldNotBeNull().RuleId.ShouldBe(209);
    }
}
