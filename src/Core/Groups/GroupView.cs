using System.Collections.Immutable;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Groups;

/// <summary>Kind of a formation.</summary>
public enum FormationKind
{
    Pgsql,
    Citus,
}

/// <summary>A row of table <c>pgautofailover.formation</c>.</summary>
public sealed record Formation(string Id, FormationKind Kind, string DbName, bool OptSecondary, int NumberSyncStandbys)
{
    /// <summary>The formation that every monitor is born with.</summary>
    public static Formation Default { get; } = new("default", FormationKind.Pgsql, "postgres", OptSecondary: true, NumberSyncStandbys: 0);
}

/// <summary>One group of a formation as the monitor sees it at a moment: all that a decision may depend on, besides time and settings.</summary>
/// <param name="Formation">The formation.</param>
/// <param name="GroupId">0 in formations of kind pgsql.</param>
/// <param name="Nodes">All rows of the group in order of node id, those being dropped included.</param>
public sealed record GroupView(Formation Formation, int GroupId, ImmutableArray<NodeView> Nodes)
{
    /// <summary>
    /// Terms on which writes may have been acknowledged that have not been superseded; see <see cref="AckKnowledge"/>. Empty in a group that
    /// never had a primary, and where an operator has accepted the loss of what only a lost node holds.
    /// </summary>
    public ImmutableArray<AckTerms> Terms { get; init; } = [];

    /// <summary>
    /// The rows were restored from a backup, and what they say has not been compared with what the nodes say: see <see cref="Rules.Restoration"/>.
    /// </summary>
    public bool IsRestored { get; init; }

    /// <inheritdoc cref="GroupView" path="/param[@name='Nodes']"/>
    public ImmutableArray<NodeView> Nodes
    {
        get;
        init => (field, Live) = (value, LiveOf(value));
    } = Nodes;

    /// <summary>Nodes whose goal is not <c>dropped</c>.</summary>
    public ImmutableArray<NodeView> Live { get; private init; } = LiveOf(Nodes);

    public NodeView? Find(long nodeId)
    {
        // The rules ask for this hundreds of times for one report, too.
        foreach (var node in Nodes)
        {
            if (node.Id == nodeId)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>The view with one node replaced.</summary>
    public GroupView With(NodeView node) => this with { Nodes = [.. Nodes.Select(n => n.Id == node.Id ? node : n)] };

    /// <summary>The view with one node gone.</summary>
    public GroupView Without(long nodeId) => this with { Nodes = Nodes.RemoveAll(n => n.Id == nodeId) };

    // The rules ask for these hundreds of times for one report, and mostly they are all of them.
    private static ImmutableArray<NodeView> LiveOf(ImmutableArray<NodeView> nodes) =>
        nodes.Any(n => n.Goal == NodeState.Dropped) ? nodes.RemoveAll(n => n.Goal == NodeState.Dropped) : nodes;
}
