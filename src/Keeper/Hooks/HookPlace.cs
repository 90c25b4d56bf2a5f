using PgAutoFailover.Core.Messages;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>Where a hook runs.</summary>
/// <param name="FormationId">The formation.</param>
/// <param name="GroupId">The group.</param>
/// <param name="Node">The node whose hook it is.</param>
/// <param name="PgData">Its data directory.</param>
public sealed record HookPlace(string FormationId, int GroupId, HookNode Node, string PgData);
