using System.Globalization;
using System.Text;
using System.Text.Json;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Store;

/// <summary>Payloads of the notification channels (monitor-api.md section 8), byte for byte as clients of 2.0 know them.</summary>
internal static class StatePayload
{
    /// <summary>PostgreSQL refuses a payload of 8000 bytes or more, and would take the transaction down with it.</summary>
    private const int MostBytes = 7900;

    /// <summary>The JSON document for channel <c>state</c>.</summary>
    public static string Of(string formationId, int groupId, NodeView node) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"type": "state", "formation": {{Quoted(formationId)}}, "groupId": {{groupId}}, "nodeId": {{node.Id}}, "name": {{Quoted(node.Name)}}, "host": {{Quoted(node.Host)}}, "port": {{node.Port}}, "reportedState": "{{node.Reported.ToWire()}}", "goalState": "{{node.Goal.ToWire()}}", "health":"{{Word(node.Health)}}"}
        """);

    /// <summary>The text for channel <c>log</c>, cut where it would be too long.</summary>
    public static string Log(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MostBytes)
        {
            return text;
        }

        // Four bytes is the most that one UTF-16 unit can cost; a surrogate pair must not be cut in two.
        var length = MostBytes / 4;
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Word(Health health) => health switch
    {
        Health.Good => "good",
        Health.Bad => "bad",
        _ => "unknown",
    };
}
