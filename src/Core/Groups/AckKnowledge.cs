using System.Collections.Immutable;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Groups;

/// <summary>
/// What the monitor knows of the terms on which writes may have been acknowledged (<see cref="GroupView.Terms"/>). Terms are added before
/// a primary can hear of them, and taken away only on its word that it has new ones and that what it acknowledged on others is held
/// on the new ones too.
/// </summary>
public static class AckKnowledge
{
    /// <summary>
    /// The group with every set of terms that its leader may have or fetch as the group stands. To be committed with whatever made
    /// them possible. A new leader holds everything that the one before it acknowledged, and begins alone.
    /// </summary>
    public static GroupView Widen(GroupView group)
    {
        if (group.Live.FirstOrDefault(n => n.Goal.CanTakeWrites()) is not { } leader)
        {
            return group;
        }

        var terms = group.Terms.Any(t => t.LeaderId == leader.Id) ? group.Terms : [new AckTerms(leader.Id, "")];
        if (leader.Goal is NodeState.WaitPrimary or NodeState.Single)
        {
            terms = With(terms, new AckTerms(leader.Id, ""));
        }

        // A primary that has reached its goal does not ask for the value before it is given another.
        terms = leader.ConvergedTo(NodeState.Primary) ? terms : With(terms, new AckTerms(leader.Id, SynchronousStandbyNames.For(group)));
        return terms == group.Terms ? group : group with { Terms = terms };
    }

    /// <summary>
    /// The group after a report. A primary that has just come from a state in which it sets <c>synchronous_standby_names</c> says
    /// <c>primary</c> only when standbys enough for the new value have received everything that was committed before.
    /// </summary>
    /// <param name="before">The group before the report.</param>
    /// <param name="after">The group with the report taken over.</param>
    /// <param name="nodeId">The node that reported.</param>
    public static GroupView Confirm(GroupView before, GroupView after, long nodeId)
    {
        if (after.Find(nodeId) is not { } node || before.Find(nodeId) is not { } old)
        {
            return after;
        }

        if (node.ConvergedTo(NodeState.Single) || node.ConvergedTo(NodeState.WaitPrimary))
        {
            return Only(after, new AckTerms(nodeId, ""));
        }

        var hasSetThem = old.Reported is NodeState.WaitPrimary or NodeState.ApplySettings or NodeState.JoinPrimary && node.ConvergedTo(NodeState.Primary);
        var inForce = node.Evidence.KeeperVersion is null ? SynchronousStandbyNames.For(after) : node.Evidence.SynchronousStandbyNames;
        return hasSetThem && inForce is not null ? Only(after, new AckTerms(nodeId, inForce)) : after;
    }

    /// <summary>The group after the loss of what only this standby holds was accepted. Where all others together lack something then, nobody can ever say more.</summary>
    public static GroupView GiveUp(GroupView group, long nodeId)
    {
        var left = group with { Terms = [.. group.Terms.Select(t => t.Without(nodeId)).Distinct()] };
        return IsAllHeldBy(left, left.Live.Select(n => n.Id).ToHashSet()) ? left : left with { Terms = [] };
    }

    /// <summary>Whether these nodes, none of which receives from the leader any more, hold every acknowledged write, and no further one can be acknowledged.</summary>
    public static bool IsAllHeldBy(GroupView group, ICollection<long> nodes) => group.Terms.All(t => t.AreMetBy(nodes));

    private static ImmutableArray<AckTerms> With(ImmutableArray<AckTerms> terms, AckTerms more) => terms.Contains(more) ? terms : terms.Add(more);

    private static GroupView Only(GroupView group, AckTerms terms) =>
        group.Terms is [var only] && only == terms ? group : group with { Terms = [terms] };
}
