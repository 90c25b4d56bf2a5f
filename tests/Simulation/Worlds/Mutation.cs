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

    /// <summary>All safety conditions that can be switched off one by one.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(201, "A reported dropped", 201),
        new(207, "A's goal is apply_settings or join_primary", 6),
        new(209, "A is the only live node", 1),
        new(209, "no node that is being dropped can acknowledge writes", 1028),
        new(311, "A has got as far as nodes that hold every acknowledged write", 972),
        new(325, "A holds every acknowledged write, and without A no further one can be acknowledged", 306),
        new(337, "every other node that led has reported that it has stopped", 12),
        new(347, "the nodes that have stopped receiving are so many that no write can be acknowledged without them", 1544),
        new(349, "P has been asked to stop, and has heard neither from the monitor nor from a standby for longer than primary_demote_timeout", 1544),
    ];

    /// <summary>
    /// Every condition of every rule. Most of them guard one another, or a group that would come to rest nowhere; one that is found here belongs into <see cref="All"/>.
    /// </summary>
    public static IEnumerable<Mutation> EveryCondition => GroupRuleTable.Table.SelectMany(r => r.When.Select(c => new Mutation(r.Id, c.Name, seed: 0)));

    /// <summary>The seed that has found it; 0 where none is known.</summary>
    public long Seed { get; }

    /// <summary>What Core would decide without it.</summary>
    public Decision? Decide(GroupView group, MonitorSettings settings, Clock clock) => GroupRules.Decide(_table, group, settings, clock);

    public override string ToString() => _name;
}
