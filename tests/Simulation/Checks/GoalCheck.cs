using System.Text.Json;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Checks;

/// <summary>A goal that a keeper is told is durable at that moment: a decision that was told can never be forgotten.</summary>
internal static class GoalCheck
{
    public static void Told(World world, JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("assigned_group_state", out var told))
        {
            return;
        }

        var nodeId = result.GetProperty("assigned_node_id").GetInt64();
        foreach (var group in world.Monitor.Tables.Groups)
        {
            if (group.Find(nodeId) is { } row)
            {
                if (!told.ValueEquals(row.Goal.ToWire()))
                {
                    world.Fail(ViolationKind.Safety, $"node {nodeId} is told {told.GetString()}, while {row.Goal.ToWire()} is what was committed");
                }

                return;
            }
        }

        if (!told.ValueEquals(NodeState.Dropped.ToWire()))
        {
            world.Fail(ViolationKind.Safety, $"node {nodeId} is told {told.GetString()}, and is not registered");
        }
    }
}
