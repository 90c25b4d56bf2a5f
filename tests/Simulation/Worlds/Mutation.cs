using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>
/// Core's rules with one safety condition left out. With any of them the simulator has to see safety lost: that is how we know that it
/// would see it.
/// </summary>
internal sealed class Mutation
{
    private readonly string _name;
    private readonly ImmutableArray<GroupRule> _table;
    private readonly bool _trustsEveryReport;

    private Mutation(int ruleId, string condition, long seed)
    {
        Seed = seed;
        var rule = GroupRuleTable.Table.Single(r => r.Id == ruleId);
        if (rule.When.All(c => c.Name != condition))
        {
            throw new InvalidOperationException($"rule {ruleId} has no condition \"{condition}\"");
        }

        _name = $"\"{condition}\" in rule {ruleId}";
        _table = [.. GroupRuleTable.Table.Select(r => r.Id == ruleId ? rule with { When = [.. rule.When.Where(c => c.Name != condition)] } : r)];
    }

    private Mutation(long seed)
    {
        Seed = seed;
        _name = "the demand that a keeper knew its goal when it reported it";
        _table = GroupRuleTable.Table;
        _trustsEveryReport = true;
    }

    /// <summary>All safety conditions that can be switched off one by one.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(209, "no node that is being dropped can acknowledge writes", seed: 0),
        new(311, "A has got as far as nodes that hold every acknowledged write", seed: 0),
        new(325, "A holds every acknowledged write, and without A no further one can be acknowledged", 306),
        new(337, "every other node that led has reported that it has stopped", 867),
        new(347, "the nodes that have stopped receiving are so many that no write can be acknowledged without them", 2485),
        new(349, "P has been asked to stop, and has heard neither from the monitor nor from a standby for longer than primary_demote_timeout", 2485),
        new(seed: 0),
    ];

    /// <summary>
    /// The seed that has found it; 0 where none of the first 5,000 does. Of these the exhaustive search of Core.Tests finds the first, since other rules
    /// stand before it. The second was needed by seed 800334, whose story has become another one; it takes four nodes, and a view of Core.Tests shows it. What
    /// would show the need of the third has not been found.
    /// </summary>
    public long Seed { get; }

    /// <summary>What Core would decide without it.</summary>
    public Decision? Decide(GroupView group, MonitorSettings settings, Clock clock) => GroupRules.Decide(
        _table,
        _trustsEveryReport ? group with { Nodes = [.. group.Nodes.Select(n => n with { GoalConfirmed = n.GoalConfirmed || n.Goal == n.Reported })] } : group,
        settings, clock);

    public override string ToString() => _name;
}
