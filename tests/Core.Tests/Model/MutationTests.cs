using PgAutoFailover.Core.Rules;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Model;

/// <summary>With any one safety condition taken out of the tables the search must find a lost write or two nodes that acknowledge: the net has no hole there.</summary>
/// <remarks>
/// A failover that is called off (351) has none that counts alone: its candidate must not have been told to promote, and the old primary not to be
/// demoted, and no decision has the one without the other.
/// </remarks>
public class MutationTests
{
    [Theory]
    [InlineData(209, "no node that is being dropped can acknowledge writes", 1, 1)]
    [InlineData(325, "A holds every acknowledged write, and without A no further one can be acknowledged", 2, 0)]
    [InlineData(337, "every other node that led has reported that it has stopped", 2, 1)]
    [InlineData(347, "the nodes that have stopped receiving are so many that no write can be acknowledged without them", 2, 1)]
    [InlineData(349, "P has been asked to stop, and has heard neither from the monitor nor from a standby for longer than primary_demote_timeout", 2, 0)]
    public void Without_a_condition_the_search_finds_a_violation(int ruleId, string condition, int faults, int operations)
    {
        var rule = GroupRuleTable.Table.Single(r => r.Id == ruleId);
        rule.When.ShouldContain(c => c.Name == condition);
        var mutant = rule with { When = [.. rule.When.Where(c => c.Name != condition)] };
        var start = GroupModel.NewPair(faults, operations, writes: 1, quorum: ruleId is not (209 or 349)) with
        {
            Rules = [.. GroupRuleTable.Table.Select(r => r.Id == ruleId ? mutant : r)],
        };

        Should.Throw<InvalidOperationException>(() => new GroupSearch().Run(start, GroupModelTests.NeverTwo)).Message.Split("\n")[0].ShouldContain("acknowledge");
    }

    [Fact]
    public void If_a_planned_change_did_not_look_at_what_the_old_primary_had_the_search_finds_a_loss()
    {
        var rule = GroupRuleTable.Table.Single(r => r.Id == 337);
        var mutant = rule with { When = [.. rule.When.Where(c => c.Name != "where no standby takes part in the quorum: A has all that the old primary, if that is well, had when it stopped, and has said so since the monitor began")] };
        mutant.When.Length.ShouldBe(rule.When.Length - 1);
        var start = GroupModel.NewPair(faults: 0, operations: 1, writes: 1, quorum: false) with
        {
            MayRemove = false,
            Rules = [.. GroupRuleTable.Table.Select(r => r.Id == 337 ? mutant : r)],
        };

        Should.Throw<InvalidOperationException>(() => new GroupSearch().Run(start, GroupModelTests.NeverTwo)).Message.Split("\n")[0].ShouldContain("lacks an acknowledged write");
    }

    [Fact]
    public void If_a_position_from_before_the_election_counted_the_search_finds_a_violation()
    {
        var start = GroupModel.Three(faults: 2, operations: 0, writes: 1, number: 0) with { TrustsEveryPosition = true };

        Should.Throw<InvalidOperationException>(() => new GroupSearch().Run(start, GroupModelTests.NeverTwo)).Message.Split("\n")[0].ShouldContain("acknowledge");
    }
}
