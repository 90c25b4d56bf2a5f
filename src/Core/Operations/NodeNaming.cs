using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary>
/// Whether names that come from outside can be what they say. They go into files, events, notifications and connection strings of every
/// node, each with a syntax of its own.
/// </summary>
public static class NodeNaming
{
    /// <summary>Longest name, in characters: a notification with all of a node's names has to fit into PostgreSQL's 8000 bytes.</summary>
    public const int MaxLength = 255;

    /// <summary>The refusal of a name of a node, a formation or a cluster, null where it is fine.</summary>
    public static ApiError? Problem(string argument, string name) =>
        name.Length > MaxLength ? Invalid($"{argument} has {name.Length} characters", $"At most {MaxLength} are allowed")
        : name.Any(char.IsControl) ? Invalid($"{argument} contains a line break or another control character", null)
        : null;

    /// <summary>The refusal of where a node is to be found, null where it is fine.</summary>
    public static ApiError? AddressProblem(string host, int port) => AddressProblem("node", host, port);

    /// <summary>The refusal of where applications are to find a node, null where it is fine.</summary>
    public static ApiError? AddressProblem(ClientAddress client) => AddressProblem("client", client.Host, client.Port);

    private static ApiError? AddressProblem(string whose, string? host, int? port) =>
        host is not null && !HostName.IsValid(host) ? Invalid($"{whose}_host is no host name or address", "Letters, digits and the characters . - _ : are allowed, and no word that pg_hba.conf reads as more than one host")
        : port is < 1 or > 65535 ? Invalid($"{whose}_port is {port}", "A port is a number from 1 to 65535")
        : null;

    private static ApiError Invalid(string message, string? detail) => new(ApiError.InvalidParameterValue, message, detail);
}
