namespace PgAutoFailover.Harness.Networks;

/// <summary>Everything on 127.0.0.1, told apart by ports. Needs no privilege; links cannot be cut.</summary>
public sealed class LoopbackNetwork : TestNetwork
{
    private static readonly TestHost s_host = new("local", "localhost", Namespace: null);

    public override TestHost Monitor => s_host;

    public override TestHost Client => s_host;

    public override TestHost Node(int number) => s_host;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
