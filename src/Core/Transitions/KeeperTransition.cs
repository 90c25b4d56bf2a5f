using System.Collections.Immutable;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Transitions;

/// <summary>One row of the keeper's table.</summary>
/// <param name="From">Current state; null stands for any.</param>
/// <param name="To">Assigned state.</param>
/// <param name="Steps">Actions in order; none means that only the report changes.</param>
/// <param name="Why">Shown in the log line of the transition.</param>
public sealed record KeeperTransition(NodeState? From, NodeState To, ImmutableArray<KeeperStep> Steps, string Why);
