using System.Text.Json;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>A message of the monitor's channel <c>state</c>: a node's states, as they are from now on.</summary>
internal sealed record StateNotification(
    string Formation,
    int GroupId,
    long NodeId,
    string Name,
    string Host,
    int Port,
    NodeState Reported,
    NodeState Goal)
{
    public bool ConvergedTo(NodeState state) => Reported == state && Goal == state;

    /// <summary>Reads a payload; null for what is none, since anybody may NOTIFY: what would control the terminal that it is shown on is none either.</summary>
    public static StateNotification? Parse(string payload) => Read(payload) is { } state && !$"{state.Formation}{state.Name}{state.Host}".Any(char.IsControl) ? state : null;

    private static StateNotification? Read(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("state")
                && NodeStates.TryParse(root.GetProperty("reportedState").GetString(), out var reported)
                && NodeStates.TryParse(root.GetProperty("goalState").GetString(), out var goal)
                    ? new StateNotification(
                        root.GetProperty("formation").GetString() ?? "",
                        root.GetProperty("groupId").GetInt32(),
                        root.GetProperty("nodeId").GetInt64(),
                        root.GetProperty("name").GetString() ?? "",
                        root.GetProperty("host").GetString() ?? "",
                        root.GetProperty("port").GetInt32(),
                        reported,
                        goal)
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
