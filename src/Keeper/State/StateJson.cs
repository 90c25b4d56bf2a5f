using System.Text.Json;
using System.Text.Json.Serialization;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Keeper.State;

/// <summary>Serialization of the keeper's files without reflection; states by their wire names.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    Converters = [typeof(NodeStateConverter), typeof(JsonStringEnumConverter<PgDataOrigin>)])]
[JsonSerializable(typeof(KeeperState))]
[JsonSerializable(typeof(InitRecord))]
internal sealed partial class StateJson : JsonSerializerContext;

internal sealed class NodeStateConverter : JsonConverter<NodeState>
{
    public override NodeState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NodeStates.TryParse(reader.GetString(), out var state) ? state : throw new JsonException($"\"{reader.GetString()}\" is not a node state");

    public override void Write(Utf8JsonWriter writer, NodeState value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToWire());
}
