using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Rules;

public class GroupRuleTableTests
{
    [Fact]
    public void Ids_increase_down_the_table() =>
        GroupRuleTable.Table.Select(r => r.Id).ShouldBeInOrder(SortDirection.Ascending);

    [Fact]
    public void Ids_are_unique() => GroupRuleTable.Table.Select(r => r.Id).ShouldBeUnique();

    [Fact]
    public void No_row_has_all_the_conditions_of_an_earlier_one()
    {
        var table = GroupRuleTable.Table;
        for (var later = 0; later < table.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var names = table[later].When.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
                table[earlier].When.All(c => names.Contains(c.Name)).ShouldBeFalse($"row {table[later].Id} is hidden by row {table[earlier].Id}");
            }
        }
    }

    [Fact]
    public void Every_keeper_row_is_the_first_for_its_pair_of_states()
    {
        foreach (var row in KeeperTransitions.Table.Where(t => t.From is not null))
        {
            KeeperTransitions.Find(row.From!.Value, row.To).ShouldBeSameAs(row);
        }
    }

    [Fact]
    public void Every_state_can_be_dropped() =>
        NodeStates.All.Where(s => s != NodeState.Dropped).ShouldAllBe(s => KeeperTransitions.CanReach(s, NodeState.Dropped));
}
