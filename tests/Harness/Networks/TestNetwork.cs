namespace PgAutoFailover.Harness.Networks;

/// <summary>The hosts of a cluster: the monitor's, the client's, one per node.</summary>
public abstract class TestNetwork : IAsyncDisposable
{
    public abstract TestHost Monitor { get; }

    /// <summary>A bystander, where applications run.</summary>
    public abstract TestHost Client { get; }

    /// <summary>The host of a node, counted from 1.</summary>
    public abstract TestHost Node(int number);

    public abstract ValueTask DisposeAsync();
}
