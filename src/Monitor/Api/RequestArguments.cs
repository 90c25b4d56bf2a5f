using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Api;

/// <summary>
/// The arguments of a request under their SQL names. PostgreSQL has checked types and NULLs by the function's signature before; one
/// that is missing here means that the schema and this program do not belong together.
/// </summary>
internal readonly struct RequestArguments(JsonElement arguments)
{
    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string? TextOrNull(string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public int Int(string name) => IntOrNull(name) ?? throw Missing(name);

    public int? IntOrNull(string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    public long Long(string name) => LongOrNull(name) ?? throw Missing(name);

    public long? LongOrNull(string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    public bool Bool(string name) => arguments.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Missing(name),
        }
        : throw Missing(name);

    public NodeState State(string name) => NodeStates.TryParse(Text(name), out var state) ? state : throw Missing(name);

    public Lsn Lsn(string name) => Core.Vocabulary.Lsn.TryParse(Text(name), out var lsn) ? lsn : throw Missing(name);

    public bool TryGetObject(string name, [NotNullWhen(true)] out JsonElement? value)
    {
        value = arguments.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Object ? found : null;
        return value is not null;
    }

    private static RequestException Missing(string name) => new(new ApiError(
        ApiError.InvalidParameterValue, $"argument \"{name}\" of the request is missing or malformed",
        Hint: "The schema of the monitor's database does not match the running program: restart \"pg_autoctl run\""));
}

/// <summary>A request that cannot be understood.</summary>
internal sealed class RequestException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
