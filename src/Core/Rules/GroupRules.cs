using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Rules;

/// <summary>The monitor's judgement of a group: which rule applies now, what it waits for, and when to look again.</summary>
public static class GroupRules
{
    /// <summary>
    /// Looks at each node in order of node id and returns the decision of the first rule that changes something, or null when the
    /// group is to stay as it is. The caller applies it and asks again, until null.
    /// </summary>
    public static Decision? Decide(GroupView group, MonitorSettings settings, Clock clock) => Decide(GroupRuleTable.Table, group, settings, clock);

    /// <summary>The same with another table: for tests that switch a rule off.</summary>
    internal static Decision? Decide(ImmutableArray<GroupRule> table, GroupView group, MonitorSettings settings, Clock clock)
    {
        if (group.IsRestored)
        {
            return Restoration.Settle(group, settings, clock);
        }

        foreach (var node in group.Nodes)
        {
            var situation = new Situation(group, node, settings, clock);
            if (table.FirstOrDefault(r => r.Matches(situation)) is { } rule && DecisionOf(rule, situation) is { } decision)
            {
                return decision;
            }
        }

        return null;
    }

    /// <summary>The view after a decision, for evaluating again and for committing.</summary>
    public static GroupView Apply(GroupView group, Decision decision, Clock clock)
    {
        group = decision.AcceptsLoss ? group with { Terms = [] } : group;
        group = decision.EndsRestoration ? group with { IsRestored = false, Terms = [] } : group;
        foreach (var (nodeId, goal) in decision.Goals)
        {
            if (group.Find(nodeId) is { } node)
            {
                group = group.With(node with { Goal = goal, GoalConfirmed = false, StateChangedAt = clock.Now });
            }
        }

        foreach (var (nodeId, priority) in decision.Priorities)
        {
            if (group.Find(nodeId) is { } node)
            {
                group = group.With(node with { CandidatePriority = priority });
            }
        }

        foreach (var (nodeId, quorum) in decision.Quorums)
        {
            if (group.Find(nodeId) is { } node)
            {
                group = group.With(node with { ReplicationQuorum = quorum });
            }
        }

        if (decision.NumberSyncStandbys is { } number)
        {
            group = group with { Formation = group.Formation with { NumberSyncStandbys = number } };
        }

        group = decision.Removed.Aggregate(group, (view, nodeId) => view.Without(nodeId));
        return AckKnowledge.Widen(decision.GivenUp is { } standby ? AckKnowledge.GiveUp(group, standby) : group);
    }

    private static Decision? DecisionOf(GroupRule rule, Situation situation)
    {
        if (rule.RemovesA)
        {
            return new Decision
            {
                RuleId = rule.Id,
                Message = rule.Why(situation),
                Removed = [situation.A.Id],
                AcceptsLoss = Election.IsLastWordOf(situation.A, situation.Group),
            };
        }

        ImmutableArray<(NodeView Node, NodeState Goal)> changes =
            [.. rule.Then.SelectMany(e => e.Subject.Find(situation), (e, n) => (n, e.Goal)).Where(c => c.n.Goal != c.Goal)];
        if (changes.IsEmpty)
        {
            return null;
        }

        var assignments = string.Join(" and ", changes.Select(c => $"{c.Node} to {c.Goal.ToWire()}"));
        return new Decision
        {
            RuleId = rule.Id,
            Message = $"Setting goal state of {assignments} {rule.Why(situation)}",
            Goals = [.. changes.Select(c => new GoalChange(c.Node.Id, c.Goal))],
            Priorities = [.. rule.Priorities(situation)],
        };
    }
}
