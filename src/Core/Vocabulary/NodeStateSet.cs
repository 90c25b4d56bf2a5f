namespace PgAutoFailover.Core.Vocabulary;

/// <summary>A few states. Rules ask whether a node is in one of them dozens of times for each report, so that is a look at a bit.</summary>
internal sealed class NodeStateSet
{
    private readonly uint _bits;
    private readonly string _names;

    public NodeStateSet(params ReadOnlySpan<NodeState> states)
    {
        _names = string.Join(" or ", states.ToArray().Select(s => s.ToWire()));
        foreach (var state in states)
        {
            _bits |= 1u << (int)state;
        }
    }

    public bool Contains(NodeState state) => (_bits >> (int)state & 1) != 0;

    /// <summary>How a condition names them, in the order in which they were given: <c>primary or wait_primary</c>.</summary>
    public override string ToString() => _names;
}
