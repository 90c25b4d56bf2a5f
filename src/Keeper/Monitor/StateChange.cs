using System.Text.Json;
using System.Text.Json.Serialization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.Monitor;

/// <summary>A notification on channel <c>state</c> (monitor-api.md section 8).</summary>
public sealed record StateChange(
    string FormationId, int GroupId, long NodeId, string Name, string Host, int Port, NodeState Reported, NodeState Goal, string Health)
{
    /// <summary>Reads a payload; null for one that is not understood, which the next heartbeat makes up for.</summary>
    public static StateChange? TryParse(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, StateChangeJson.Default.Payload) is { Type: "state" } p
                && NodeStates.TryParse(p.ReportedState, out var reported)
                && NodeStates.TryParse(p.GoalState, out var goal)
                    ? new(p.Formation ?? "", p.GroupId, p.NodeId, p.Name ?? "", p.Host ?? "", p.Port, reported, goal, p.Health ?? "unknown")
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Payload
    {
        public string? Type { get; init; }

        public string? Formation { get; init; }

        public int GroupId { get; init; }

        public long NodeId { get; init; }

        public string? Name { get; init; }

        public string? Host { get; init; }

        public int Port { get; init; }

        public string? ReportedState { get; init; }

        public string? GoalState { get; init; }

        public string? Health { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StateChange.Payload))]
internal sealed partial class StateChangeJson : JsonSerializerContext;
