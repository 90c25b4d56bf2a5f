using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Checks;

/// <summary>Whether a group is in a good state: what there must be some time after faults have stopped.</summary>
internal static class RestCheck
{
    /// <summary>What is missing, or null when all is well.</summary>
    public static string? WhatIsMissing(SimGroup group)
    {
        var rows = group.Rows;

        // What had the data was removed by an operator while others were being rebuilt from it: those are to be dropped, as their keepers' logs say.
        if (rows.Nodes.Any(n => IsHalfRebuilt(group, n)) && rows.Nodes.All(n => n.Reported == NodeState.WaitStandby || IsHalfRebuilt(group, n)))
        {
            return null;
        }

        // The same, with the copy complete and another cluster begun since: the operator is to say which of the two counts.
        if (rows.Nodes.Any(n => HoldsAnotherCluster(group, n)))
        {
            return null;
        }

        foreach (var node in group.Nodes.Where(n => n.IsWanted))
        {
            // A group does not begin with a node that must never lead.
            if (rows.Nodes.IsEmpty && node.Creation.CandidatePriority == 0)
            {
                continue;
            }

            if (node.IsToBeCreated || rows.Nodes.All(r => r.Name != node.Name))
            {
                return $"{node.Name} is not registered";
            }
        }

        // What had the data was removed by force: others wait to copy somebody, and no node that may lead is to come.
        if (rows.Nodes.All(n => n.Reported == NodeState.WaitStandby) && (rows.Nodes.IsEmpty || group.Nodes.Any(n => n.IsForcedOut)))
        {
            return null;
        }

        if (rows.Nodes.FirstOrDefault(n => n.Goal == NodeState.Dropped || n.Reported != n.Goal || !n.GoalConfirmed) is { } moving)
        {
            return $"{moving.Name} is {moving.Reported.ToWire()} and is to be {moving.Goal.ToWire()}";
        }

        // Operators have said that these must never lead.
        if (rows.Nodes.All(n => n is { CandidatePriority: 0, Goal: NodeState.ReportLsn }))
        {
            return null;
        }

        if (rows.Nodes.Where(n => n.Goal is NodeState.Primary or NodeState.Single).ToList() is not [var primary])
        {
            return "there is no primary";
        }

        return rows.Nodes.FirstOrDefault(n => n.Id != primary.Id && n.Goal != NodeState.Secondary) is { } other
            ? $"{other.Name} is {other.Goal.ToWire()}"
            : WhatIsMissing(group, primary);
    }

    /// <summary>The primary of a group that is at rest; null where it has none.</summary>
    public static SimNode? PrimaryOf(SimGroup group) =>
        group.Rows.Nodes.FirstOrDefault(n => n.Goal is NodeState.Primary or NodeState.Single) is { } row ? group.Find(row.Name) : null;

    public static string Describe(SimGroup group) => string.Join(", ", group.Rows.Nodes.Select(n => $"{n.Name} {n.Reported.ToWire()}/{n.Goal.ToWire()}"));

    private static bool IsHalfRebuilt(SimGroup group, NodeView row) =>
        row.Goal is NodeState.Single or NodeState.ReportLsn && group.Find(row.Name) is { State.RewritingPgData: true };

    private static bool HoldsAnotherCluster(SimGroup group, NodeView row) =>
        group.Find(row.Name) is { State.FreshCopy: true, Pg.Data: { } copy }
        && group.Rows.Nodes.FirstOrDefault(n => n.Reported.CanTakeWrites()) is { } leader
        && group.Find(leader.Name) is { Pg.Data: { } data }
        && data.SystemIdentifier != copy.SystemIdentifier;

    // Words are not enough: it serves, and the others follow it.
    private static string? WhatIsMissing(SimGroup group, NodeView row)
    {
        if (group.Find(row.Name) is not { Pg.Instance: { TakesWrites: true } server } primary)
        {
            return $"{row.Name} does not take writes";
        }

        if (server.Commits.Waiting > 0 && !server.Commits.Rule.IsEmpty && server.Senders.Alive.Count(s => server.Commits.Rule.Lists(s.Name)) < server.Commits.Rule.Number)
        {
            return $"writes wait on {row.Name}";
        }

        return group.Rows.Nodes.Where(n => n.Id != row.Id).Select(n => group.Find(n.Name)).FirstOrDefault(
            n => n is not { Pg.Instance: { Phase: PostgresPhase.Ready, Receiver.Stream: { } stream } } || !ReferenceEquals(stream.UpNode, primary)) is { } stray
                ? $"{stray.Name} does not receive from {row.Name}"
                : null;
    }
}
