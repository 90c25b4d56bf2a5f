using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;
using static PgAutoFailover.Core.Tests.Rules.Views;

namespace PgAutoFailover.Core.Tests.Rules;

/// <summary>A group whose rows are those of a backup, while its nodes report one by one.</summary>
public sealed class RestorationTests
{
    private static readonly NodeEvidence s_serves = new() { KeeperVersion = "1", StreamingStandbys = 1, SynchronousStandbyNames = "" };
    private static readonly NodeEvidence s_doesNotServe = new() { KeeperVersion = "1" };

    [Fact]
    public void The_node_that_serves_leads_on_alone_when_all_have_reported_and_on_no_terms_of_the_backup()
    {
        var group = Restored(Says(1, NodeState.Secondary, 2), Serving(2, NodeState.Primary, 2)) with
        {
            Terms = [new AckTerms(1, "ANY 1 (pgautofailover_standby_2)")],
        };

        var decision = group.Decide().ShouldNotBeNull();

        decision.Goals.ShouldBe([new(1, NodeState.CatchingUp), new(2, NodeState.WaitPrimary)]);
        var after = GroupRules.Apply(group, decision, AtNoon);
        after.IsRestored.ShouldBeFalse();
        after.Terms.ShouldBe([new AckTerms(2, "")]);
    }

    [Fact]
    public void Nothing_is_decided_as_long_as_that_would_be_a_guess()
    {
        var (standby, leader) = (Says(1, NodeState.Secondary, 2), Serving(2, NodeState.Primary, 2));

        Waits(standby, leader with { ReportedAt = AtNoon.StartedAt }).ShouldContain("node 2 \"node2\" (localhost:5502) has not reported since");
        Waits(standby with { ReportedAt = AtNoon.Now - TimeSpan.FromMinutes(1) }, leader).ShouldContain("node 1");
        Waits(standby).ShouldContain("no node that the backup knows serves");
        Waits(standby, leader with { Evidence = s_doesNotServe }).ShouldContain("no node that the backup knows serves");
        Waits(standby, leader with { PgIsRunning = false }).ShouldContain("no node that the backup knows serves");
        Waits(standby with { Timeline = 3 }, leader).ShouldContain("ahead of it, on timeline 3");
        Waits(Serving(1, NodeState.Single, 1), leader).ShouldContain("each as a primary");
    }

    [Fact]
    public void A_node_that_was_a_primary_once_and_does_not_serve_is_stopped()
    {
        var group = Restored(Says(1, NodeState.Primary, 1), Serving(2, NodeState.WaitPrimary, 2));

        group.Decide().ShouldNotBeNull().Goals.ShouldBe([new(1, NodeState.Demoted), new(2, NodeState.WaitPrimary)]);
    }

    [Fact]
    public void Every_keeper_can_reach_what_it_is_told_then()
    {
        foreach (var state in NodeStates.All.Where(s => s is not NodeState.Unknown))
        {
            var goals = Restored(Says(1, state, 1), Serving(2, NodeState.Primary, 2)).Decide().ShouldNotBeNull().Goals;

            KeeperTransitions.CanReach(state, goals[0].Goal).ShouldBeTrue($"from {state} to {goals[0].Goal}");
        }

        foreach (var state in NodeStates.All.Where(s => s.CanTakeWrites()))
        {
            Restored(Serving(2, state, 2)).Decide().ShouldNotBeNull().Goals.ShouldBe([new(2, NodeState.WaitPrimary)]);
            KeeperTransitions.CanReach(state, NodeState.WaitPrimary).ShouldBeTrue();
        }
    }

    [Fact]
    public void Where_none_serves_an_operator_names_the_last_primary_and_nobody_else_can_be_named()
    {
        var (standby, leader) = (Says(1, NodeState.Secondary, 2), Says(2, NodeState.DemoteTimeout, 2));

        var decision = Choose("node2", standby, leader).Decision.ShouldNotBeNull();
        decision.Goals.ShouldBe([new(1, NodeState.CatchingUp), new(2, NodeState.WaitPrimary)]);
        decision.EndsRestoration.ShouldBeTrue();

        Choose("node1", standby, leader).Error.ShouldNotBeNull();
        Choose("node3", standby, leader).Error.ShouldNotBeNull();
        Choose("node2", standby with { ReportedAt = AtNoon.StartedAt }, leader).Error.ShouldNotBeNull();
        Choose("node2", Serving(1, NodeState.Single, 1), leader).Error.ShouldNotBeNull();
    }

    [Fact]
    public void Where_the_primary_is_lost_an_operator_gives_up_what_only_it_held()
    {
        var group = Restored(Says(1, NodeState.Secondary, 2), Says(3, NodeState.Secondary, 2));

        var result = Restoration.GiveUp(group, MonitorSettings.Default, AtNoon);

        var after = GroupRules.Apply(group, result.Decision.ShouldNotBeNull(), AtNoon);
        after.Decide().ShouldNotBeNull().Goals.ShouldContain(new GoalChange(1, NodeState.ReportLsn));
        Restoration.GiveUp(Restored(Says(1, NodeState.Secondary, 2), Serving(2, NodeState.Primary, 2)), MonitorSettings.Default, AtNoon).Error.ShouldNotBeNull();
    }

    private static string Waits(params NodeView[] nodes)
    {
        var group = Restored(nodes);
        group.Decide().ShouldBeNull();
        return Blockage.Of(group, MonitorSettings.Default, AtNoon).ShouldNotBeNull();
    }

    private static OperationResult Choose(string name, params NodeView[] nodes) => Restoration.Choose(Restored(nodes), name, MonitorSettings.Default, AtNoon);

    private static GroupView Restored(params NodeView[] nodes) => new(Formation.Default, 0, [.. nodes]) { IsRestored = true };

    private static NodeView Says(long id, NodeState state, int timeline) =>
        Node(id, state, NodeState.Unknown) with { Timeline = timeline, Evidence = s_doesNotServe };

    private static NodeView Serving(long id, NodeState state, int timeline) => Says(id, state, timeline) with { Evidence = s_serves };
}
