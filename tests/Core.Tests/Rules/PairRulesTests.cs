using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;
using static PgAutoFailover.Core.Tests.Rules.Views;

namespace PgAutoFailover.Core.Tests.Rules;

public class PairRulesTests
{
    private static readonly NodeView s_primary = Node(1, NodeState.Primary);
    private static readonly NodeView s_secondary = Node(2, NodeState.Secondary);

    [Fact]
    public void A_settled_pair_is_left_alone() => Group(s_primary, s_secondary).Decide().ShouldBeNull();

    [Fact]
    public void A_killed_primary_is_replaced_at_once()
    {
        var decision = Group(s_primary.Killed(), s_secondary).Decide().ShouldNotBeNull();

        decision.RuleId.ShouldBe(325);
        decision.Goals.ShouldBe([new(2, NodeState.PreparePromotion), new(1, NodeState.Draining)]);
        decision.Message.ShouldContain("keeper's connection to the monitor has ended and nothing listens on its PostgreSQL port");
    }

    [Fact]
    public void A_keeper_that_is_gone_while_PostgreSQL_answers_changes_nothing() =>
        Group(s_primary with { Link = KeeperLink.Gone, LinkChangedAt = AtNoon.Now }, s_secondary).Decide().ShouldBeNull();

    [Fact]
    public void A_refused_probe_while_the_keeper_is_there_changes_nothing() =>
        Group(s_primary with { Probe = ProbeOutcome.Refused, ProbedAt = AtNoon.Now }, s_secondary).Decide().ShouldBeNull();

    [Fact]
    public void A_refused_probe_from_before_the_keeper_left_proves_nothing() =>
        Group(s_primary.Killed() with { ProbedAt = AtNoon.Now - TimeSpan.FromSeconds(1) }, s_secondary).Decide().ShouldBeNull();

    [Fact]
    public void Silence_is_acted_on_after_the_documented_timeout()
    {
        Group(s_primary.SilentFor(TimeSpan.FromSeconds(19)), s_secondary).Decide().ShouldBeNull();
        Group(s_primary.SilentFor(TimeSpan.FromSeconds(21)), s_secondary).Decide().ShouldNotBeNull().RuleId.ShouldBe(325);
    }

    [Fact]
    public void A_standby_that_hears_its_primary_overrules_the_monitors_silence()
    {
        var silent = s_primary.SilentFor(TimeSpan.FromMinutes(5));

        Group(silent, s_secondary.Streaming(from: 1, TimeSpan.FromMilliseconds(2500))).Decide().ShouldBeNull();
        Group(silent, s_secondary.Streaming(from: 1, TimeSpan.FromMilliseconds(3500))).Decide().ShouldNotBeNull().RuleId.ShouldBe(325);
    }

    [Fact]
    public void A_monitor_that_has_just_started_waits_for_its_grace_period()
    {
        var young = new Clock(AtNoon.Now, AtNoon.Now - TimeSpan.FromSeconds(9));
        var group = Group(s_primary.SilentFor(TimeSpan.FromMinutes(5)), s_secondary);

        GroupRules.Decide(group, MonitorSettings.Default, young).ShouldBeNull();
        GroupDeadline.Next(group, MonitorSettings.Default, young).ShouldBe(young.StartedAt + TimeSpan.FromSeconds(10) + TimeSpan.FromTicks(1));
    }

    [Fact]
    public void A_standby_is_no_candidate_while_the_primary_may_commit_without_it()
    {
        foreach (var goal in new[] { NodeState.WaitPrimary, NodeState.Primary, NodeState.ApplySettings })
        {
            foreach (var reported in new[] { NodeState.WaitPrimary, NodeState.ApplySettings })
            {
                var group = Group(Node(1, reported, goal).Killed(), s_secondary) with { Terms = [new AckTerms(1, ""), new AckTerms(1, "ANY 1 (pgautofailover_standby_2)")] };
                (group.Decide()?.Goals.Any(g => g.Goal == NodeState.PreparePromotion) ?? false).ShouldBeFalse($"{reported}/{goal}");
                Blockage.Of(group, MonitorSettings.Default, AtNoon).ShouldNotBeNull().ShouldContain("node 1 \"node1\" (localhost:5501) is unhealthy");
            }
        }
    }

    [Fact]
    public void A_standby_outside_the_quorum_waits_for_the_lease_of_a_primary_that_it_cannot_cut_off()
    {
        var standby = Node(2, NodeState.StopReplication) with { ReplicationQuorum = false };
        var primary = Node(1, NodeState.Primary, NodeState.DemoteTimeout);

        Group(primary.SilentFor(TimeSpan.FromSeconds(25)), standby).Decide().ShouldBeNull();
        Group(primary.SilentFor(TimeSpan.FromSeconds(31)), standby).Decide().ShouldNotBeNull().RuleId.ShouldBe(349);
    }

    [Fact]
    public void A_monitor_that_has_just_started_does_not_know_whether_the_standby_kept_the_primary_going()
    {
        var cutOffSince = TimeSpan.FromSeconds(12);
        var standby = Node(2, NodeState.StopReplication) with { ReplicationQuorum = false, StateChangedAt = AtNoon.Now - cutOffSince, ReportedAt = AtNoon.Now - TimeSpan.FromSeconds(2) };
        var primary = Node(1, NodeState.Primary, NodeState.DemoteTimeout).SilentFor(TimeSpan.FromSeconds(60));
        var justStarted = AtNoon with { StartedAt = AtNoon.Now - TimeSpan.FromSeconds(1) };

        GroupRules.Decide(Group(primary, standby), MonitorSettings.Default, justStarted).ShouldBeNull();
        GroupRules.Decide(Group(primary, standby with { StateChangedAt = AtNoon.Now - TimeSpan.FromSeconds(31) }), MonitorSettings.Default, justStarted)
            .ShouldNotBeNull().RuleId.ShouldBe(349, "it has not received for longer than the lease lasts, whoever remembers it");
    }

    [Fact]
    public void A_planned_switchover_to_a_standby_outside_the_quorum_waits_until_that_has_everything_and_is_called_off_rather_than_lose_something()
    {
        var drained = Node(1, NodeState.Draining) with { PgIsRunning = false, StateChangedAt = AtNoon.Now, Evidence = new NodeEvidence { KeeperVersion = "1", StoppedAt = "0/3000100" } };
        var behind = Node(2, NodeState.PreparePromotion) with { ReplicationQuorum = false };
        GroupView Switching(NodeView primary, NodeView standby) => Group(primary, standby) with { Terms = [new AckTerms(1, "")] };

        Switching(drained, behind).Decide().ShouldBeNull("its next report may say more");
        Switching(drained, behind with { Lsn = new Lsn(0x3000100) }).Decide().ShouldNotBeNull().RuleId.ShouldBe(337);
        Switching(drained, behind with { Timeline = 2 }).Decide().ShouldNotBeNull().RuleId.ShouldBe(337);

        var late = drained with { StateChangedAt = AtNoon.Now - TimeSpan.FromSeconds(4) };
        var decision = Switching(late, behind).Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(352);
        decision.Goals.ShouldBe([new(1, NodeState.WaitPrimary), new(2, NodeState.CatchingUp)]);
        decision.Message.ShouldContain("up to 0/3000000, and lacks what node 1 \"node1\" (localhost:5501) had when it stopped, up to 0/3000100");

        Switching(late with { ReportedAt = AtNoon.Now - TimeSpan.FromSeconds(3) }, behind).Decide().ShouldBeNull("it may have been lost meanwhile, and then the standby is all that is left");

        // What is not known, or is lost, is not waited for; and a standby of the quorum has all that was acknowledged.
        Switching(late.Killed(), behind).Decide().ShouldNotBeNull().RuleId.ShouldBe(337);
        Switching(late with { Evidence = new NodeEvidence { KeeperVersion = "1" } }, behind).Decide().ShouldNotBeNull().RuleId.ShouldBe(337);
        Group(late, behind with { ReplicationQuorum = true }).Decide().ShouldNotBeNull().RuleId.ShouldBe(337);
    }

    [Fact]
    public void A_monitor_that_was_restarted_in_the_middle_of_a_switchover_asks_the_old_primary_first_how_far_it_had_got()
    {
        var group = Group(Node(1, NodeState.Draining) with { PgIsRunning = false }, Node(2, NodeState.PreparePromotion) with { ReplicationQuorum = false })
            with
        { Terms = [new AckTerms(1, "")] };

        GroupRules.Decide(group, MonitorSettings.Default, AtNoon with { StartedAt = AtNoon.Now }).ShouldBeNull();
        group.Decide().ShouldNotBeNull().RuleId.ShouldBe(337);
    }

    [Fact]
    public void A_killed_standby_stops_being_a_candidate_before_the_primary_does_without_it()
    {
        var group = Group(s_primary, s_secondary.Killed());
        var first = group.Decide().ShouldNotBeNull();
        first.Goals.ShouldBe([new(2, NodeState.CatchingUp)]);

        var second = GroupRules.Apply(group, first, AtNoon).Decide().ShouldNotBeNull();
        second.RuleId.ShouldBe(407);
        second.Goals.ShouldBe([new(1, NodeState.WaitPrimary)]);
    }

    [Fact]
    public void A_standby_that_goes_down_together_with_the_primary_stays_a_candidate() =>
        Group(s_primary.Killed(), s_secondary.Killed()).Decide().ShouldBeNull();

    [Fact]
    public void With_number_sync_standbys_writes_wait_for_the_standby()
    {
        var group = Group(s_primary, Node(2, NodeState.CatchingUp) with { Lsn = Lsn.Invalid }) with { Formation = Formation.Default with { NumberSyncStandbys = 1 } };

        group.Decide().ShouldBeNull();
    }

    [Fact]
    public void A_standby_whose_disk_is_full_is_not_waited_for_again_before_it_writes_what_it_receives()
    {
        var standby = Node(2, NodeState.CatchingUp).Streaming(from: 1, TimeSpan.Zero);
        var stuck = standby with { Evidence = standby.Evidence with { WalReceiver = standby.Evidence.WalReceiver! with { WritesNothing = true } } }; // it has one

        Group(Node(1, NodeState.WaitPrimary), stuck).Decide().ShouldBeNull();
        Group(Node(1, NodeState.WaitPrimary), standby).Decide().ShouldNotBeNull().RuleId.ShouldBe(321);
    }

    [Fact]
    public void A_standby_that_cannot_reach_its_primary_does_not_block_writes_for_ever()
    {
        var stalled = s_secondary with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(11) };

        Group(s_primary, stalled).Decide().ShouldNotBeNull().RuleId.ShouldBe(404);
        Group(s_primary, stalled with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(9) }).Decide().ShouldBeNull();
    }

    [Fact]
    public void A_standby_that_does_not_receive_because_the_primary_is_frozen_stays_the_one_that_can_take_over()
    {
        var stalled = s_secondary with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(11) };
        Group(s_primary with { ReportedAt = AtNoon.Now - TimeSpan.FromSeconds(12) }, stalled).Decide().ShouldBeNull();
    }

    [Fact]
    public void A_standby_that_hangs_does_not_block_writes_for_ever()
    {
        var alone = s_primary with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(11) };

        Group(alone, s_secondary).Decide().ShouldNotBeNull().RuleId.ShouldBe(404);
    }

    [Fact]
    public void A_standby_that_streams_and_that_no_write_waits_for_is_not_blamed_for_those_that_do_not()
    {
        var cutOff = s_primary with { NotStreamingSince = AtNoon.Now - TimeSpan.FromSeconds(11) };
        var afar = Node(3, NodeState.Secondary) with { ReplicationQuorum = false };

        Group(cutOff, Node(2, NodeState.CatchingUp), afar).Decide()?.Goals.ShouldNotContain(g => g.NodeId == 3);
        Group(cutOff, s_secondary, afar).Decide().ShouldNotBeNull().Goals.ShouldBe([new(2, NodeState.CatchingUp)]);
        Group(cutOff, s_secondary with { ReplicationQuorum = false }).Decide().ShouldNotBeNull().RuleId.ShouldBe(404);
    }

    [Fact]
    public void A_node_with_priority_0_is_never_promoted_and_serves_alone_only_if_it_did()
    {
        Group(s_primary.Killed(), s_secondary with { CandidatePriority = 0 }).Decide().ShouldBeNull();
        Group(s_secondary with { CandidatePriority = 0 }).Decide().ShouldNotBeNull().Goals.ShouldBe([new(2, NodeState.ReportLsn)]);
        Group(s_primary with { CandidatePriority = 0 }).Decide().ShouldNotBeNull().RuleId.ShouldBe(210);
        Group(Node(1, NodeState.Draining, NodeState.WaitPrimary) with { CandidatePriority = 0 }).Decide().ShouldBeNull("its keeper may have it serve already");
    }

    [Theory]
    [InlineData(NodeState.CatchingUp)]
    [InlineData(NodeState.JoinSecondary)]
    public void The_last_node_serves_whomever_it_was_to_follow(NodeState reported)
    {
        var decision = Group(Node(2, reported, NodeState.Secondary)).Decide().ShouldNotBeNull();
        decision.RuleId.ShouldBe(209);
        decision.Goals.ShouldBe([new(2, NodeState.Single)]);
    }

    [Theory]
    [InlineData(NodeState.ApplySettings)]
    [InlineData(NodeState.JoinPrimary)]
    public void A_keeper_that_fenced_itself_gets_back_to_primary(NodeState goal) =>
        Group(Node(1, NodeState.DemoteTimeout, goal), s_secondary).Decide().ShouldNotBeNull().RuleId.ShouldBe(207);

    [Fact]
    public void A_primary_that_applies_settings_is_left_to_finish_although_nobody_is_in_the_quorum()
    {
        var outside = s_secondary with { ReplicationQuorum = false };

        Group(Node(1, NodeState.Primary, NodeState.ApplySettings), outside).Decide().ShouldBeNull();
        Group(Node(1, NodeState.ApplySettings), outside).Decide().ShouldNotBeNull().RuleId.ShouldBe(415);
    }

    [Fact]
    public void A_node_left_in_join_primary_by_an_older_monitor_becomes_primary() =>
        Group(Node(1, NodeState.JoinPrimary), s_secondary).Decide().ShouldNotBeNull().RuleId.ShouldBe(421);

    [Fact]
    public void A_node_that_was_to_copy_what_was_removed_waits_for_another()
    {
        Group(Node(2, NodeState.WaitStandby, NodeState.CatchingUp)).Decide().ShouldNotBeNull().RuleId.ShouldBe(316);
        Group(Node(1, NodeState.Demoted), Node(2, NodeState.WaitStandby, NodeState.CatchingUp)).Decide()?.RuleId.ShouldNotBe(316);
    }

    [Fact]
    public void An_old_report_that_equals_a_new_goal_by_chance_is_not_taken_for_news()
    {
        var primary = Node(1, NodeState.WaitPrimary) with { GoalConfirmed = false };

        Group(primary, Node(2, NodeState.WaitStandby)).Decide().ShouldBeNull();
    }
}
