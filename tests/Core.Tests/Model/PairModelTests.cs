using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>The rule table and the keeper's table together, in every state that a pair can get into with a few faults and commands.</summary>
public class PairModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    [InlineData(0, 2)]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    public void No_acknowledged_write_is_lost_and_never_do_two_nodes_acknowledge(int faults, int operations)
    {
        var search = new PairSearch();

        search.Run(PairModel.Start(faults, operations, quorum: true), NeverTwo, EveryGoalIsReachable);

        output.WriteLine($"{search.States} states, rules {string.Join(' ', search.Fired)}");
        search.States.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Every_group_comes_to_rest_in_a_good_state_once_faults_stop()
    {
        var search = new PairSearch();
        search.Run(PairModel.Start(faults: 2, operations: 0, quorum: true), _ => { });

        foreach (var model in search.Reached)
        {
            var rest = model.Rest();
            IsGood(rest).ShouldBeTrue($"{rest.One.Actual}/{rest.One.Goal} and {rest.Two.Actual}/{rest.Two.Goal} after {search.Story(model)}");
        }
    }

    [Fact]
    public void Every_rule_fires_in_some_reachable_state()
    {
        var fired = new SortedSet<int>();
        foreach (var (faults, operations, quorum) in new[] { (2, 0, true), (1, 1, true), (0, 2, true), (1, 1, false) })
        {
            var search = new PairSearch();
            search.Run(PairModel.Start(faults, operations, quorum), _ => { });
            fired.UnionWith(search.Fired);
        }

        // Priorities, stalled replication, settings changed while cut off and older monitors are not in the model: PairRulesTests has these rows.
        fired.UnionWith([207, 210, 211, 404, 421]);
        GroupRuleTable.Table.Where(r => !r.Then.IsEmpty || r.RemovesA).Select(r => r.Id).Except(fired).ShouldBeEmpty();
    }

    internal static void NeverTwo(PairModel model)
    {
        if (model.CanAcknowledge(0) && model.CanAcknowledge(1))
        {
            throw new InvalidOperationException("both nodes can acknowledge writes");
        }
    }

    private static void EveryGoalIsReachable(GroupView view, Decision decision)
    {
        foreach (var (id, goal) in decision.Goals)
        {
            var node = view.Find(id)!;
            KeeperTransitions.CanReach(node.Reported, goal).ShouldBeTrue($"rule {decision.RuleId} assigns {goal} to a node that reported {node.Reported}");
        }
    }

    private static bool IsGood(PairModel m) =>
        (m.One.Exists && m.Two.Exists
            && new[] { m.One, m.Two }.Any(n => n.Actual == NodeState.Primary && n.Goal == NodeState.Primary)
            && new[] { m.One, m.Two }.Any(n => n.Actual == NodeState.Secondary && n.Goal == NodeState.Secondary))
        || (m.One.Exists != m.Two.Exists && (m.One.Exists ? m.One : m.Two).Actual == NodeState.Single);
}
