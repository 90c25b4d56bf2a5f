using System.Collections.Immutable;

namespace PgAutoFailover.Protocol.Frontend;

/// <summary>Opens a session with protocol 3.0.</summary>
/// <param name="Parameters"><c>user</c>, <c>database</c>, <c>options</c>, <c>replication</c> and settings, in the client's order.</param>
public sealed record StartupMessage(ImmutableArray<KeyValuePair<string, string>> Parameters) : FrontendMessage
{
    /// <summary>Major version 3 in the upper half, minor version 0 in the lower.</summary>
    public const int ProtocolVersion = 3 << 16;

    /// <summary>The last value given for a parameter, as in PostgreSQL; null when there is none.</summary>
    public string? Find(string name)
    {
        string? value = null;
        foreach (var parameter in Parameters)
        {
            if (string.Equals(parameter.Key, name, StringComparison.Ordinal))
            {
                value = parameter.Value;
            }
        }

        return value;
    }

    // Pairs of strings, then one empty string.
    internal static ReadOutcome Read(ref PayloadReader payload)
    {
        var parameters = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        while (payload.TryReadString(out var name))
        {
            if (name.Length == 0)
            {
                return payload.AtEnd ? ReadOutcome.Of(new StartupMessage(parameters.DrainToImmutable())) : payload.Malformed("startup packet");
            }

            if (!payload.TryReadString(out var value))
            {
                break;
            }

            parameters.Add(new(name, value));
        }

        return payload.Malformed("startup packet");
    }
}
