using System.Text.Json.Serialization;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Messages;

/// <summary>
/// What the monitor asks before it begins a planned change: a notification on channel <see cref="Channel"/>, repeated until each node that it is for has
/// answered with <c>pgautofailover.answer_before_change</c>. Beyond 2.0, like the answer. Nothing that keeps data safe depends on either.
/// </summary>
public sealed record HookQuestion
{
    public const string Channel = "before_change";

    /// <summary>The same in each repetition, and never again for another question.</summary>
    [JsonPropertyName("id")]
    public required long Id { get; init; }

    /// <summary>Ids of the nodes that are asked.</summary>
    [JsonPropertyName("nodes")]
    public required IReadOnlyList<long> Nodes { get; init; }

    /// <summary><c>failover</c>, <c>promotion</c> or <c>start_maintenance</c>.</summary>
    [JsonPropertyName("operation")]
    public required string Operation { get; init; }

    /// <summary>The node that is to be promoted, or to go into maintenance; null where none was named.</summary>
    [JsonPropertyName("target")]
    public HookNode? Target { get; init; }

    /// <summary>The node that is primary now; null where none is.</summary>
    [JsonPropertyName("primary")]
    public HookNode? Primary { get; init; }

    /// <summary>
    /// Whether it can be the monitor's: who may connect to a monitor may NOTIFY, too. Hooks are scripts, and get no value that could not be registered.
    /// </summary>
    [JsonIgnore]
    public bool IsPlausible => Operation.All(c => char.IsAsciiLetterLower(c) || c == '_') && IsPlausibleNode(Target) && IsPlausibleNode(Primary);

    private static bool IsPlausibleNode(HookNode? node) =>
        node is null
        || (NodeNaming.Problem("name", node.Name)
            ?? NodeNaming.AddressProblem(node.Host, node.Port)
            ?? NodeNaming.AddressProblem(new ClientAddress(node.ClientHost, node.ClientPort))) is null;
}

/// <summary>A node as hooks are told of it.</summary>
/// <param name="ClientHost">Where applications find it, if elsewhere: see <see cref="Vocabulary.ClientAddress"/>.</param>
/// <param name="ClientPort">Likewise.</param>
public sealed record HookNode(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("host")] string Host,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("client_host")] string? ClientHost = null,
    [property: JsonPropertyName("client_port")] int? ClientPort = null);

/// <summary>Serialization of questions without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HookQuestion))]
public sealed partial class HookQuestionJson : JsonSerializerContext;
