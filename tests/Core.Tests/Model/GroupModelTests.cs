using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Tests.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>The rule table and the keeper's table together, in every state that two or three nodes can get into with a few events.</summary>
public class GroupModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(3, 0, 0)]
    public void A_pair_loses_nothing_and_never_do_two_nodes_acknowledge(int faults, int operations, int writes) =>
        Search(GroupModel.NewPair(faults, operations, writes));

    [Theory]
    [InlineData(1, 0, 2, 1, 100)]
    [InlineData(1, 0, 2, 0, 50)]
    [InlineData(0, 1, 1, 1, 50)]
    public void Three_nodes_lose_nothing_and_never_do_two_of_them_acknowledge(int faults, int operations, int writes, int number, int priority3) =>
        Search(GroupModel.Three(faults, operations, writes, number, priority3));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_planned_change_loses_nothing_where_nobody_is_in_the_quorum(int nodes)
    {
        var start = nodes == 2
            ? GroupModel.NewPair(faults: 0, operations: 2, writes: 2, quorum: false)
            : GroupModel.Three(faults: 0, operations: 1, writes: 2, number: 0, quorum: false);

        // A primary that is dropped sends what it has to whoever is connected before it ends; that PostgreSQL does so is not in the model.
        start = start with { MayRemove = false };
        Search(start);
        Rest(start with { OperationsLeft = 1, WritesLeft = 1 });
    }

    [Fact]
    public void A_pair_comes_to_rest_in_a_good_state_once_faults_stop() => Rest(GroupModel.NewPair(faults: 2, operations: 0, writes: 0));

    [Fact]
    public void Three_nodes_come_to_rest_in_a_good_state_once_faults_stop() => Rest(GroupModel.Three(faults: 1, operations: 0, writes: 0, priority3: 50));

    [Fact]
    public void Every_rule_fires_in_some_reachable_state()
    {
        var fired = new SortedSet<int>();
        foreach (var start in new[]
        {
            GroupModel.NewPair(2, 0, 0), GroupModel.NewPair(1, 1, 0), GroupModel.NewPair(0, 2, 0), GroupModel.NewPair(1, 1, 0, quorum: false),
            GroupModel.NewPair(0, 1, 1, quorum: false), GroupModel.Three(1, 0, 1, priority3: 100 + 1),
        })
        {
            var search = new GroupSearch();
            search.Run(start, _ => { });
            fired.UnionWith(search.Fired);
        }

        // Priorities, removal by force, stalled replication, settings changed while cut off, older monitors, and elections in which several things go wrong are
        // not in these searches: PairRulesTests and ElectionTests have these rows.
        fired.UnionWith([207, 210, 211, 316, 404, 421, .. ElectionTests.Rows]);
        GroupRuleTable.Table.Where(r => !r.Then.IsEmpty || r.RemovesA).Select(r => r.Id).Except(fired).ShouldBeEmpty();
    }

    internal static void NeverTwo(GroupModel model)
    {
        if (Enumerable.Range(0, model.Count).Count(model.CanAcknowledge) > 1)
        {
            throw new InvalidOperationException("two nodes can acknowledge writes");
        }
    }

    private void Search(GroupModel start)
    {
        var search = new GroupSearch();

        search.Run(start, NeverTwo, EveryGoalIsReachable);

        output.WriteLine($"{search.States} states, rules {string.Join(' ', search.Fired)}");
        search.States.ShouldBeGreaterThan(1000);
    }

    private void Rest(GroupModel start)
    {
        var search = new GroupSearch();
        search.Run(start, _ => { });
        output.WriteLine($"{search.States} states");
        foreach (var model in search.Reached)
        {
            var rest = model.Rest();

            // Only an operator ends that.
            if (Enumerable.Range(0, rest.Count).Any(i => rest[i].Goal.IsMaintenance()))
            {
                continue;
            }

            IsGood(rest).ShouldBeTrue($"at rest: {string.Join("; ", Enumerable.Range(0, rest.Count).Select(i => rest[i].ToString()))} terms {rest.Terms} after {search.Story(model)}");
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

    private static bool IsGood(GroupModel m)
    {
        var nodes = Enumerable.Range(0, m.Count).Select(i => m[i]).Where(n => n.Exists).ToList();
        var leaders = nodes.Where(n => n.Actual == (nodes.Count == 1 ? NodeState.Single : NodeState.Primary) && n.Goal == n.Actual).ToList();
        return leaders is [var leader]
            && (m.Acknowledged & ~leader.Writes) == 0
            && nodes.Count(n => n.Actual == NodeState.Secondary && n.Goal == NodeState.Secondary) == nodes.Count - 1;
    }
}
