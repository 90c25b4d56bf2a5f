using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.ByHand;
using PgAutoFailover.Keeper.Tests.Fakes;

namespace PgAutoFailover.Keeper.Tests.ByHand;

/// <summary>The files of a node without a monitor, and what its keeper speaks to.</summary>
internal sealed class HandFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pgaf-hand").FullName;

    public HandFiles()
    {
        Nodes = new NodesFile(Path.Combine(_directory, "nodes.json"));
        Goal = new GoalRequest(Path.Combine(_directory, "pg_autoctl.goal"));
        State = new DetachedStateStore(Disk);
        Monitor = NewMonitor();
    }

    public MemoryStore Disk { get; } = new();

    public NodesFile Nodes { get; }

    public GoalRequest Goal { get; }

    public DetachedStateStore State { get; }

    public NoMonitor Monitor { get; private set; }

    /// <summary>Ids of nodes that are seen to take writes.</summary>
    public HashSet<long> Writable { get; } = [];

    public static NodeAddress Node(long id, bool isPrimary = false, ulong lsn = 1) => new(id, $"node{id}", "localhost", 5500 + (int)id, new Lsn(lsn), isPrimary);

    public static NodeReport Report(NodeState state) => new("default", 1, 0, state, PgIsRunning: true, Timeline: 1, new Lsn(0x10), "", NodeEvidence.None);

    /// <summary>Another life of the keeper.</summary>
    public void BeginNewLife()
    {
        Monitor.Dispose();
        Monitor = NewMonitor();
    }

    public void Dispose()
    {
        Monitor.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private NoMonitor NewMonitor() => new(State, Nodes, Goal, (n, _) => Task.FromResult(Writable.Contains(n.NodeId)), TimeProvider.System);
}
