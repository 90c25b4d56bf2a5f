using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>A node has reached another state, and remembers it.</summary>
public sealed record RoleChange(long NodeId, int GroupId, NodeState From, NodeState To);
