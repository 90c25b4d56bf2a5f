using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Tests.Rules;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;
using static PgAutoFailover.Core.Tests.Rules.Views;

namespace PgAutoFailover.Core.Tests.Operations;

public class OperationsTests
{
    private static readonly MonitorSettings s_settings = MonitorSettings.Default;
    private static readonly NodeView s_primary = Node(1, NodeState.Primary);
    private static readonly NodeView s_secondary = Node(2, NodeState.Secondary);
    private static readonly GroupView s_pair = Group(s_primary, s_secondary);

    [Fact]
    public void A_failover_drains_the_primary_and_prepares_the_standby() =>
        Failover.Perform(s_pair, s_settings, AtNoon).Decision.ShouldNotBeNull().Goals
            .ShouldBe([new(1, NodeState.Draining), new(2, NodeState.PreparePromotion)]);

    [Theory]
    [InlineData(NodeState.WaitPrimary, NodeState.Secondary)]
    [InlineData(NodeState.Primary, NodeState.CatchingUp)]
    [InlineData(NodeState.WaitPrimary, NodeState.Maintenance)]
    public void A_failover_needs_a_settled_pair(NodeState primary, NodeState standby)
    {
        var error = Failover.Perform(Group(Node(1, primary), Node(2, standby)), s_settings, AtNoon).Error.ShouldNotBeNull();

        error.Detail.ShouldNotBeNull().ShouldContain($"node 2 \"node2\" (localhost:5502) is in state {standby.ToWire()}");
        error.Hint.ShouldNotBeNull();
    }

    [Fact]
    public void A_failover_needs_a_second_node() =>
        Failover.Perform(Group(Node(1, NodeState.Single)), s_settings, AtNoon).Error.ShouldNotBeNull().Detail.ShouldNotBeNull().ShouldContain("two are required");

    [Fact]
    public void A_failover_is_not_made_to_a_standby_that_is_gone_or_must_not_lead()
    {
        Failover.Perform(Group(s_primary, s_secondary.Killed()), s_settings, AtNoon).Error.ShouldNotBeNull();
        Failover.Perform(Group(s_primary, s_secondary with { CandidatePriority = 0 }), s_settings, AtNoon).Error.ShouldNotBeNull();
    }

    [Fact]
    public void Promoting_the_primary_is_a_notice_and_false()
    {
        var result = Failover.Promote(s_pair, "node1", s_settings, AtNoon);

        result.Error.ShouldBeNull();
        result.Value.ShouldBeFalse();
        result.Remark.ShouldNotBeNull().Severity.ShouldBe("NOTICE");
        Failover.Promote(s_pair, "nobody", s_settings, AtNoon).Error.ShouldNotBeNull().SqlState.ShouldBe("42704");
        Failover.Promote(s_pair, "node2", s_settings, AtNoon).Decision.ShouldNotBeNull();
    }

    [Fact]
    public void Maintenance_of_the_only_standby_goes_through_wait_maintenance() =>
        Maintenance.Start(s_pair, 2, s_settings, AtNoon).Decision.ShouldNotBeNull().Goals
            .ShouldBe([new(1, NodeState.WaitPrimary), new(2, NodeState.WaitMaintenance)]);

    [Fact]
    public void Maintenance_of_the_primary_fails_over_if_it_can()
    {
        Maintenance.Start(s_pair, 1, s_settings, AtNoon).Decision.ShouldNotBeNull().Goals
            .ShouldBe([new(1, NodeState.PrepareMaintenance), new(2, NodeState.PreparePromotion)]);
        Maintenance.Start(Group(s_primary, s_secondary.Killed()), 1, s_settings, AtNoon).Error.ShouldNotBeNull().SqlState.ShouldBe("55000");
    }

    [Fact]
    public void Maintenance_that_makes_writes_wait_is_warned_of()
    {
        var group = s_pair with { Formation = Formation.Default with { NumberSyncStandbys = 1 } };

        Maintenance.Start(group, 2, s_settings, AtNoon).Remark.ShouldNotBeNull().Severity.ShouldBe("WARNING");
    }

    [Fact]
    public void Maintenance_ends_where_there_is_a_primary_to_follow()
    {
        Maintenance.Stop(Group(Node(1, NodeState.WaitPrimary), Node(2, NodeState.Maintenance)), 2).Decision.ShouldNotBeNull().Goals
            .ShouldBe([new(2, NodeState.CatchingUp)]);
        Maintenance.Stop(s_pair, 2).Error.ShouldNotBeNull().SqlState.ShouldBe("55000");
        Maintenance.Stop(Group(Node(1, NodeState.Demoted), Node(2, NodeState.Maintenance)), 2).Error.ShouldNotBeNull();
        Maintenance.Stop(Group(Node(1, NodeState.ReportLsn), Node(2, NodeState.Maintenance)), 2).Decision.ShouldNotBeNull().Goals
            .ShouldHaveSingleItem().Goal.ShouldBe(NodeState.ReportLsn);
        Maintenance.Stop(Group(Node(1, NodeState.WaitStandby, NodeState.CatchingUp), Node(2, NodeState.Maintenance)), 2).Decision.ShouldNotBeNull().Goals
            .ShouldBe([new(2, NodeState.ReportLsn)]);
        Maintenance.Stop(Group(Node(1, NodeState.Maintenance), Node(2, NodeState.Maintenance)), 2).Decision.ShouldNotBeNull().Goals
            .ShouldBe([new(2, NodeState.ReportLsn)]);
        Maintenance.Stop(s_pair, 99).Value.ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void A_candidate_priority_is_from_0_to_100(int priority) =>
        ReplicationSettings.SetCandidatePriority(s_pair, "node2", priority).Error.ShouldNotBeNull().SqlState.ShouldBe("22023");

    [Fact]
    public void A_number_that_is_too_high_for_the_standbys_that_are_left_can_be_lowered_while_the_primary_waits_for_them()
    {
        var group = Group(Node(1, NodeState.WaitPrimary, NodeState.Primary), Node(2, NodeState.Secondary), Node(3, NodeState.CatchingUp).Killed(), Node(4, NodeState.CatchingUp).Killed())
            with
        { Formation = Formation.Default with { NumberSyncStandbys = 2 } };

        Blockage.Of(group, s_settings, AtNoon).ShouldNotBeNull().ShouldContain("\"pg_autoctl set formation number-sync-standbys --formation default 1\"");
        ReplicationSettings.SetNumberSyncStandbys(group, 1).Decision.ShouldNotBeNull().NumberSyncStandbys.ShouldBe(1);
        Blockage.Of(group with { Formation = Formation.Default with { NumberSyncStandbys = 1 } }, s_settings, AtNoon).ShouldBeNull();
    }

    [Fact]
    public void What_writes_wait_for_is_said_also_where_standbys_are_in_maintenance_and_not_where_they_are_on_their_way()
    {
        GroupView With(NodeView second) => Group(s_primary, second) with { Formation = Formation.Default with { NumberSyncStandbys = 1 } };

        Blockage.Of(With(Node(2, NodeState.Maintenance)), s_settings, AtNoon).ShouldNotBeNull().ShouldContain("is in maintenance");
        Blockage.Of(With(Node(2, NodeState.CatchingUp)), s_settings, AtNoon).ShouldBeNull();
        Blockage.Of(Group(Node(1, NodeState.WaitPrimary), Node(2, NodeState.Maintenance)), s_settings, AtNoon).ShouldBeNull();
    }

    [Fact]
    public void Priorities_of_a_pair_do_not_concern_the_primary()
    {
        ReplicationSettings.SetCandidatePriority(s_pair, "node2", 10).Decision.ShouldNotBeNull().Goals.ShouldBeEmpty();
        ReplicationSettings.SetCandidatePriority(s_pair, "node2", 0).Remark.ShouldNotBeNull().Severity.ShouldBe("NOTICE");
    }

    [Fact]
    public void Leaving_the_quorum_sends_the_primary_through_apply_settings()
    {
        var decision = ReplicationSettings.SetReplicationQuorum(s_pair, "node2", false).Decision.ShouldNotBeNull();

        decision.Quorums.ShouldBe([(2, false)]);
        var after = GroupRules.Apply(s_pair, decision, AtNoon);
        SynchronousStandbyNames.For(after).ShouldBe("");
        after.Decide().ShouldNotBeNull().Goals.ShouldBe([new(1, NodeState.ApplySettings)]);
    }

    [Fact]
    public void Number_sync_standbys_needs_enough_standbys()
    {
        ReplicationSettings.SetNumberSyncStandbys(s_pair, 1).Error.ShouldNotBeNull().SqlState.ShouldBe("22023");
        ReplicationSettings.SetNumberSyncStandbys(s_pair, -1).Error.ShouldNotBeNull().SqlState.ShouldBe("22023");
        ReplicationSettings.SetNumberSyncStandbys(s_pair, 0).Decision.ShouldNotBeNull().NumberSyncStandbys.ShouldBe(0);
    }

    [Fact]
    public void A_primary_is_dropped_only_while_a_standby_holds_everything()
    {
        Removal.Remove(s_pair, 1, force: false).Decision.ShouldNotBeNull().Goals.ShouldBe([new(1, NodeState.Dropped), new(2, NodeState.ReportLsn)]);
        Removal.Remove(Group(Node(1, NodeState.WaitPrimary), Node(2, NodeState.CatchingUp)), 1, force: false).Error.ShouldNotBeNull().SqlState.ShouldBe("55000");
        Removal.Remove(s_pair, 1, force: true).Decision.ShouldNotBeNull().Removed.ShouldBe([1]);
        Removal.Remove(s_pair, 99, force: false).Error.ShouldNotBeNull().SqlState.ShouldBe("42704");
    }

    [Theory]
    [InlineData(NodeState.ReportLsn, false)]
    [InlineData(NodeState.FastForward, false)]
    [InlineData(NodeState.PreparePromotion, false)]
    [InlineData(NodeState.WaitPrimary, true)]
    public void A_standby_is_not_dropped_while_an_election_needs_what_it_holds(NodeState otherGoal, bool mayGo)
    {
        var both = new AckTerms(1, "ANY 1 (pgautofailover_standby_2, pgautofailover_standby_3)");
        var group = Group(Node(2, NodeState.ReportLsn, otherGoal), Node(3, NodeState.ReportLsn)) with { Terms = [both] };
        var inMaintenance = Group(Node(2, NodeState.ReportLsn, otherGoal), Node(3, NodeState.Maintenance)) with { Terms = [both] };

        (Removal.Remove(group, 3, force: false).Error is null).ShouldBe(mayGo);
        (Removal.Remove(inMaintenance, 3, force: false).Error is null).ShouldBe(mayGo);
        Removal.Remove(group, 3, force: true).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("ANY 1 (pgautofailover_standby_2, pgautofailover_standby_3, pgautofailover_standby_4)", "ANY 1 (pgautofailover_standby_2, pgautofailover_standby_4)")]
    [InlineData("ANY 2 (pgautofailover_standby_2, pgautofailover_standby_3, pgautofailover_standby_4)", "ANY 1 (pgautofailover_standby_2, pgautofailover_standby_4)")]
    [InlineData("ANY 1 (pgautofailover_standby_3)", "")]
    public void Of_a_standby_that_is_removed_by_force_only_what_it_alone_holds_is_given_up(string names, string left)
    {
        var group = Group(Node(1, NodeState.Draining), Node(2, NodeState.ReportLsn), Node(3, NodeState.ReportLsn), Node(4, NodeState.Secondary, NodeState.ReportLsn))
            with
        { Terms = [new AckTerms(1, names)] };

        var decision = Removal.Remove(group, 3, force: true).Decision.ShouldNotBeNull();
        GroupRules.Apply(group, decision, AtNoon).Terms.ShouldBe([new AckTerms(1, left)]);
    }

    [Fact]
    public void A_node_that_is_there_already_is_told_so_even_where_the_group_is_full()
    {
        var again = new NodeRegistration("default", "localhost", 5502, "postgres", "node2", 0, -1, -1, NodeState.Init, "standalone", 50, true, "default");

        Registration.Judge(s_pair, again).Error.ShouldNotBeNull().SqlState.ShouldBe("23505");
        Registration.Judge(s_pair, again with { Host = "elsewhere" }).Error.ShouldNotBeNull().Message.ShouldContain("node_formationid_nodename_key");
    }

    [Fact]
    public void A_data_directory_of_another_cluster_is_refused_in_words()
    {
        var registration = new NodeRegistration("default", "h", 5432, "postgres", "", 8, -1, -1, NodeState.Init, "standalone", 50, true, "default");

        var error = Registration.Judge(Group(Node(1, NodeState.Single) with { SystemIdentifier = 7 }), registration).Error.ShouldNotBeNull();
        error.SqlState.ShouldBe("23P01");
        error.Message.ShouldContain("system identifier 8");
        error.Hint.ShouldNotBeNull();
    }

    [Fact]
    public void Where_nobody_is_in_the_quorum_the_others_receive_from_a_primary_that_is_dropped_until_it_has_stopped()
    {
        var standbys = new[] { Node(2, NodeState.Secondary) with { ReplicationQuorum = false }, Node(3, NodeState.Secondary) with { ReplicationQuorum = false } };
        var decision = Removal.Remove(Group([s_primary, .. standbys]), 1, force: false).Decision.ShouldNotBeNull();
        decision.Goals.ShouldBe([new(1, NodeState.Dropped)]);

        var dropping = Group([s_primary with { Goal = NodeState.Dropped, StateChangedAt = AtNoon.Now }, .. standbys]);
        dropping.Decide().ShouldBeNull("it is in touch, and about to stop");
        GroupDeadline.Next(dropping, s_settings, AtNoon).ShouldNotBeNull();
        Group([s_primary with { Goal = NodeState.Dropped }, .. standbys]).Decide().ShouldNotBeNull().RuleId.ShouldBe(367, "it has had its time");
        Group(standbys).Decide().ShouldNotBeNull().RuleId.ShouldBe(367, "it has stopped, and was removed");
        Group(standbys[0]).Decide().ShouldNotBeNull().RuleId.ShouldBe(209);
    }

    [Fact]
    public void The_first_node_is_single_and_others_wait()
    {
        var registration = new NodeRegistration("default", "h", 5432, "postgres", "", 0, -1, -1, NodeState.Init, "standalone", 50, true, "default");

        Registration.Judge(Group(), registration).Goal.ShouldBe(NodeState.Single);
        Registration.Judge(Group(Node(1, NodeState.Dropped)), registration).Goal.ShouldBe(NodeState.Single);
        Registration.Judge(Group(Node(1, NodeState.Single, NodeState.Dropped)), registration).Error.ShouldNotBeNull().SqlState.ShouldBe("55006", "it has not heard of it");
        Registration.Judge(Group(Node(1, NodeState.Secondary, NodeState.Dropped)) with { Terms = [new AckTerms(1, "")] }, registration).Error.ShouldNotBeNull().SqlState
            .ShouldBe("55006", "it was told to lead, and may have begun");
        Registration.Judge(Group(Node(1, NodeState.WaitStandby)), registration).Goal.ShouldBe(NodeState.Single);
        Registration.Judge(Group(Node(1, NodeState.WaitStandby, NodeState.CatchingUp)), registration).Error.ShouldNotBeNull();
        Registration.Judge(Group(Node(1, NodeState.Single)), registration).Goal.ShouldBe(NodeState.WaitStandby);
        Registration.Judge(s_pair, registration).Goal.ShouldBe(NodeState.WaitStandby);
        Registration.Judge(Group(Node(1, NodeState.Draining)), registration).Error.ShouldNotBeNull().SqlState.ShouldBe("55006");
        Registration.Judge(Group(Node(1, NodeState.Single)), registration with { InitialState = NodeState.Single }).Error.ShouldNotBeNull();
    }
}
