namespace PgAutoFailover.Core.Vocabulary;

/// <summary>
/// Where applications find a node, as far as that differs from where the other nodes find it: behind an address translation, on another network, or through a
/// pooler on another port. Nothing among nodes uses it.
/// </summary>
/// <param name="Host">Null: the node's own.</param>
/// <param name="Port">Null: the node's own.</param>
public readonly record struct ClientAddress(string? Host, int? Port)
{
    /// <summary>Applications find the node where the other nodes do.</summary>
    public bool IsNone => Host is null && Port is null;

    /// <summary>Host and port of a node with the given ones as messages show them.</summary>
    public string Of(string host, int port) => HostName.WithPort(Host ?? host, Port ?? port);
}
