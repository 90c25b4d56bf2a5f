using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Checks;

/// <summary>Never two nodes of a group that can both acknowledge a write; and a primary that the monitor counts on waits for whom the monitor believes.</summary>
internal sealed class Acknowledgers(World world)
{
    /// <summary>To be called whenever a node of the group may have become able to acknowledge.</summary>
    public void Check(SimGroup group)
    {
        SimNode? first = null;
        foreach (var node in group.Nodes)
        {
            if (!CanAcknowledge(node))
            {
                continue;
            }

            if (first is null)
            {
                first = node;
            }
            else if (!IsExcused(group, first) && !IsExcused(group, node))
            {
                world.Fail(ViolationKind.Safety, $"{first.Name} and {node.Name} can both acknowledge writes");
            }
        }
    }

    /// <summary>To be called whenever the rows of the group, or the value in force on one of its nodes, have changed.</summary>
    public void CheckNames(SimGroup group)
    {
        var rows = group.Rows;
        if (rows.Live.FirstOrDefault(n => n.ConvergedTo(NodeState.Primary)) is not { } row || group.Find(row.Name) is not { Pg.Data: { } data } node)
        {
            return;
        }

        var (text, actual) = node.Pg.Instance is { Phase: PostgresPhase.Ready } server
            ? (server.Commits.SyncNames, server.Commits.Rule)
            : (data.SyncNames, SyncRule.Parse(data.SyncNames));

        // Waiting for more of them, or for a choice among fewer, is as good.
        if (!rows.Terms.Any(t => SyncRule.Parse(t.StandbyNames) is var believed
            && (believed.IsEmpty || (!actual.IsEmpty && actual.Number >= believed.Number && !actual.Names.Except(believed.Names).Any()))))
        {
            world.Fail(ViolationKind.Safety,
                $"the monitor counts on {node.Name} to wait for {string.Join(" or ", rows.Terms.Select(t => t.StandbyNames))}, and it has synchronous_standby_names = '{text}'");
        }
    }

    private static bool CanAcknowledge(SimNode node)
    {
        if (node is not { IsForcedOut: false, Host.IsUp: true, Pg.Instance: { TakesWrites: true } server })
        {
            return false;
        }

        var rule = server.Commits.Rule;
        if (rule.IsEmpty)
        {
            return true;
        }

        // One that an operator gave up may live, and go on until it hears of that.
        var givenUp = node.Group.GivenUp;
        return server.Senders.Alive.Count(s => s.IsStreaming && rule.Lists(s.Name) && !givenUp.Contains(s.Name)) >= rule.Number;
    }

    /// <summary>
    /// A lease is kept by a keeper: where nobody is in the quorum, or was when the primary was told whom to wait for, and the keeper was killed or
    /// stopped, nothing stops its PostgreSQL in time.
    /// </summary>
    public static bool IsExcused(SimGroup group, SimNode node) =>
        node.World.Now < node.UnattendedUntil
        && ((node.Unfenced is { } unfenced && unfenced == node.Pg.Instance)
            || group.Rows.Live.All(n => n.Name == node.Name || !n.ReplicationQuorum)
            || (group.Rows.Nodes.FirstOrDefault(n => n.Name == node.Name) is { } row && group.Rows.Terms.Any(t => t.LeaderId == row.Id && t.StandbyNames.Length == 0)));
}
