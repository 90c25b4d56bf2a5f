namespace PgAutoFailover.Core.Tests.Model;

/// <summary>The nodes of a model, compared by value.</summary>
public readonly struct ModelNodes(ModelNode[] nodes) : IEquatable<ModelNodes>
{
    private readonly ModelNode[] _nodes = nodes;

    public int Count => _nodes.Length;

    public ModelNode this[int i] => _nodes[i];

    public ModelNodes With(int i, ModelNode node)
    {
        var copy = (ModelNode[])_nodes.Clone();
        copy[i] = node;
        return new(copy);
    }

    public static bool operator ==(ModelNodes a, ModelNodes b) => a.Equals(b);

    public static bool operator !=(ModelNodes a, ModelNodes b) => !a.Equals(b);

    public bool Equals(ModelNodes other) => _nodes.AsSpan().SequenceEqual(other._nodes);

    public override bool Equals(object? obj) => obj is ModelNodes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var node in _nodes)
        {
            hash.Add(node);
        }

        return hash.ToHashCode();
    }
}
