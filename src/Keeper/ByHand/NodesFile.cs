using System.Text.Json;
using System.Text.Json.Serialization;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;

namespace PgAutoFailover.Keeper.ByHand;

/// <summary>
/// File <c>nodes.json</c>: the nodes of a group without a monitor, as an operator lists them. It says what the monitor would: who the others are,
/// and which of them is the primary.
/// </summary>
/// <param name="path">The file.</param>
public sealed class NodesFile(string path)
{
    public string Path { get; } = path;

    /// <summary>False until an operator has given a list.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>The list, empty where there is none. Everything that is wrong with it is added to <paramref name="problems"/>.</summary>
    public IReadOnlyList<NodeAddress> Load(ICollection<string> problems)
    {
        try
        {
            return Exists ? Parse(File.ReadAllText(Path), problems) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(e.Message);
            return [];
        }
    }

    /// <summary>Replaces the list; on return it is durable.</summary>
    public void Save(IReadOnlyList<NodeAddress> nodes) => DurableFile.Write(Path, JsonSerializer.SerializeToUtf8Bytes(
        nodes.Select(n => new NodeEntry(n.NodeId, n.Name, n.Host, n.Port, n.Lsn.ToString(), n.IsPrimary)).ToArray(), NodesJson.Default.NodeEntryArray));

    public void Delete() => DurableFile.Delete(Path);

    /// <summary>Reads the text of a list. Everything that is wrong with it is added to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<NodeAddress> Parse(string text, ICollection<string> problems)
    {
        NodeEntry?[] entries;
        try
        {
            entries = JsonSerializer.Deserialize(text, NodesJson.Default.NodeEntryArray) ?? [];
        }
        catch (JsonException e)
        {
            problems.Add($"expected an array of {{node_id, node_name, node_host, node_port, node_lsn, node_is_primary}}: {e.Message}");
            return [];
        }

        var nodes = new List<NodeAddress>();
        foreach (var entry in entries)
        {
            if (entry is { Id: > 0, Name.Length: > 0, Host.Length: > 0, Port: > 0 and <= 65535 } && Lsn.TryParse(entry.Lsn, out var lsn))
            {
                nodes.Add(new NodeAddress(entry.Id, entry.Name, entry.Host, entry.Port, lsn, entry.IsPrimary));
            }
            else
            {
                problems.Add($"node {entry?.Id} \"{entry?.Name}\" has an id below 1, no name or host, a port beyond 65535, or a node_lsn that is not like 0/1");
            }
        }

        foreach (var repeated in Repeated(nodes.Select(n => $"node {n.NodeId}")).Concat(Repeated(nodes.Select(n => HostName.WithPort(n.Host, n.Port)))))
        {
            problems.Add($"{repeated} is listed more than once");
        }

        if (nodes.Count(n => n.IsPrimary) > 1)
        {
            problems.Add("more than one node is listed as the primary");
        }

        return nodes;
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> values) => values.GroupBy(v => v, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
}

/// <summary>An element of the list, with the names that 2.0 gives its members.</summary>
internal sealed record NodeEntry(
    [property: JsonPropertyName("node_id"), JsonRequired] long Id,
    [property: JsonPropertyName("node_name"), JsonRequired] string Name,
    [property: JsonPropertyName("node_host"), JsonRequired] string Host,
    [property: JsonPropertyName("node_port"), JsonRequired] int Port,
    [property: JsonPropertyName("node_lsn"), JsonRequired] string Lsn,
    [property: JsonPropertyName("node_is_primary"), JsonRequired] bool IsPrimary);

/// <summary>Serialization of the list without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(NodeEntry[]))]
internal sealed partial class NodesJson : JsonSerializerContext;
