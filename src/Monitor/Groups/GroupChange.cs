using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Settings;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>
/// One turn of a group, in the making: the view before, the view after, and what there is to tell. It does no I/O. What was decided
/// takes effect only when <see cref="GroupActor"/> has committed it as a whole.
/// </summary>
internal sealed class GroupChange(GroupView before, SettingsSource source, Clock clock)
{
    /// <summary>Rounds after which rules that keep assigning goals count as a contradiction between rules.</summary>
    private const int MostRounds = 20;

    private readonly List<Announcement> _announcements = [];

    public GroupView Before { get; } = before;

    public MonitorSettings Settings { get; } = source.Current;

    public Clock Clock => clock;

    /// <summary>The view as this turn leaves it, so far.</summary>
    public GroupView After { get; set; } = before;

    /// <summary>Nodes that were assigned a goal in this turn, even where the goal ends up being what it was.</summary>
    public HashSet<long> Assigned { get; } = [];

    public IReadOnlyList<Announcement> Announcements => _announcements;

    /// <summary>True when the rules did not come to rest; the decisions up to then stand.</summary>
    public bool RulesContradict { get; private set; }

    /// <summary>True when this turn changes something that must be durable before anyone is told.</summary>
    public bool MustCommit => _announcements.Count > 0 || !GroupRows.SameRows(Before, After);

    public void Announce(string text, params ReadOnlySpan<NodeView> nodes) => _announcements.Add(new(text, [.. nodes]));

    /// <summary>Applies a decision and announces it for every node that it touches.</summary>
    public void Carry(Decision decision)
    {
        var previous = After;
        After = GroupRules.Apply(After, decision, clock);
        Assigned.UnionWith(decision.Goals.Select(g => g.NodeId));
        _announcements.Add(new(decision.Message, NodesOf(decision, previous), decision.RuleId));
    }

    /// <summary>Asks the rules until they are content.</summary>
    public void Decide()
    {
        After = AckKnowledge.Widen(After);
        for (var round = 0; round < MostRounds; round++)
        {
            if (source.Rules(After, Settings, clock) is not { } decision)
            {
                return;
            }

            Carry(decision);
        }

        RulesContradict = true;
    }

    private ImmutableArray<NodeView> NodesOf(Decision decision, GroupView previous)
    {
        var ids = decision.Goals.Select(g => g.NodeId)
            .Concat(decision.Priorities.Select(p => p.NodeId))
            .Concat(decision.Quorums.Select(q => q.NodeId))
            .Distinct();
        var touched = ids.Select(After.Find).OfType<NodeView>();
        var removed = decision.Removed.Select(previous.Find).OfType<NodeView>().Select(n => n with { Goal = NodeState.Dropped });
        ImmutableArray<NodeView> nodes = [.. touched, .. removed];

        // A change of the formation alone is told of its primary: an event belongs to a node.
        return nodes.IsEmpty && Situation.PrimaryOf(After) is { } primary ? [primary] : nodes;
    }
}
