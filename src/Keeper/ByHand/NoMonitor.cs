using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;

namespace PgAutoFailover.Keeper.ByHand;

/// <summary>
/// What a keeper speaks to that has no monitor: an operator's files. The goal is what was assigned last, the other nodes are those of the list, and as
/// long as nobody has said anything a node stays what it is and PostgreSQL is kept running as that. Nothing is concluded here: a node takes
/// writes only if it was assigned a state that does. A primary that was lost and comes back may have been replaced by hand meanwhile: it is started
/// again only when no other node of the list is seen to take writes.
/// </summary>
public sealed class NoMonitor : IMonitorClient, IDisposable
{
    /// <summary>How long a change may go unnoticed where files cannot be watched.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);

    private readonly DetachedStateStore _state;
    private readonly NodesFile _nodes;
    private readonly GoalRequest _goal;
    private readonly TimeProvider _time;
    private readonly FileWatch _watch;
    private readonly Func<NodeAddress, CancellationToken, Task<bool>> _takesWritesAsync;
    private long _ownId;
    private ulong _ownPosition;
    private bool _mayLead;

    /// <param name="state">Who the node is, and what it is to be.</param>
    /// <param name="nodes">The others.</param>
    /// <param name="goal">Where the operator's next word arrives.</param>
    /// <param name="takesWritesAsync">Whether another node is seen to take writes; false for one that does not answer.</param>
    /// <param name="time">The clock of waits.</param>
    public NoMonitor(
        DetachedStateStore state, NodesFile nodes, GoalRequest goal, Func<NodeAddress, CancellationToken, Task<bool>> takesWritesAsync, TimeProvider time)
    {
        (_state, _nodes, _goal, _takesWritesAsync, _time) = (state, nodes, goal, takesWritesAsync, time);
        _ownId = state.Load()?.NodeId ?? 0;
        _watch = new FileWatch(Path.GetDirectoryName(nodes.Path)!, Path.GetFileName(nodes.Path), goal.FileName); // a path of ours has a directory
    }

    public bool KnowsNodes => _nodes.Exists;

    public async Task<NodeAssignment> NodeActiveAsync(NodeReport report, CancellationToken cancellationToken)
    {
        if (_goal.Take() is { } wanted)
        {
            _state.Assign(wanted);
            _goal.Forget();
        }

        Interlocked.Exchange(ref _ownId, report.NodeId);
        Interlocked.Exchange(ref _ownPosition, report.Lsn.Value);
        var goal = _state.Goal ?? report.CurrentState;
        if (report.CurrentState.CanTakeWrites() && goal.CanTakeWrites() && !_mayLead)
        {
            await RefuseSecondPrimaryAsync(report.NodeId, cancellationToken);
            _mayLead = true;
        }

        return new NodeAssignment(report.NodeId, report.GroupId, goal, CandidatePriority: 0, ReplicationQuorum: false, NodeName: "");
    }

    public async Task<StateChange?> WaitForStateChangeAsync(string formationId, int groupId, CancellationToken cancellationToken)
    {
        await _watch.WaitAsync(s_look, _time, cancellationToken);
        return null;
    }

    public Task<IReadOnlyList<NodeAddress>> GetOtherNodesAsync(long nodeId, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<NodeAddress>>(() => [.. Listed().Where(n => n.NodeId != nodeId)]);

    public Task<NodeAddress> GetPrimaryAsync(string formationId, int groupId, CancellationToken cancellationToken) => AnswerAsync(() =>
        Listed().FirstOrDefault(n => n.IsPrimary) switch
        {
            null => throw Unlisted("the list of nodes names no primary"),
            var primary when primary.NodeId == Interlocked.Read(ref _ownId) => throw Unlisted("the list of nodes names this node itself as the primary"),
            var primary => primary,
        });

    /// <summary>
    /// Each standby that acknowledges stands in the value. A lone "*", as 2.0 has it here, is also met by a base backup under way, which has flushed
    /// nothing that counts.
    /// </summary>
    public Task<string> GetSynchronousStandbyNamesAsync(string formationId, int groupId, long leaderId, CancellationToken cancellationToken) => AnswerAsync(() =>
        Listed().Where(n => n.NodeId != leaderId).Select(n => SynchronousStandbyNames.StandbyName(n.NodeId)).ToList() switch
        {
            [] => throw Unlisted("the list of nodes names no other node, so that none could acknowledge a write"),
            var names => $"ANY 1 ({string.Join(", ", names)})",
        });

    public Task<IReadOnlyList<NodeAddress>> GetStandbysAheadAsync(string formationId, int groupId, long callerId, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<NodeAddress>>(() =>
            [.. Listed().Where(n => n.NodeId != callerId && !n.IsPrimary && n.Lsn.Value > Interlocked.Read(ref _ownPosition)).OrderByDescending(n => n.Lsn)]);

    /// <summary>Nobody reports to this node: a standby follows another primary when it is told to, and not because the list says who that is.</summary>
    public Task<IReadOnlyList<RegisteredNode>> GetCurrentStateAsync(string formationId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RegisteredNode>>([]);

    public Task UpdateNodeMetadataAsync(long nodeId, string name, string host, int port, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetNodeSystemIdentifierAsync(long nodeId, long systemIdentifier, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<NodeAssignment> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken) => RefuseAsync<NodeAssignment>();

    public Task<bool> RemoveNodeAsync(long nodeId, bool force, CancellationToken cancellationToken) => RefuseAsync<bool>();

    public void Dispose() => _watch.Dispose();

    private async Task RefuseSecondPrimaryAsync(long ownId, CancellationToken cancellationToken)
    {
        var others = KnowsNodes ? Listed().Where(n => n.NodeId != ownId).ToList() : [];
        var answers = await Task.WhenAll(others.Select(async n => (Node: n, TakesWrites: await _takesWritesAsync(n, cancellationToken))));
        if (Array.Find(answers, a => a.TakesWrites).Node is { } other)
        {
            throw new MonitorException($"node {other.NodeId} \"{other.Name}\" ({HostName.WithPort(other.Host, other.Port)}) takes writes, and this one is not to be a second primary")
            {
                Detail = "\"pg_autoctl do fsm assign demoted\", and then \"catchingup\", has this one follow it",
            };
        }
    }

    private IReadOnlyList<NodeAddress> Listed()
    {
        if (!_nodes.Exists)
        {
            throw Unlisted("this node is run without a monitor, and has no list of nodes");
        }

        var problems = new List<string>();
        var nodes = _nodes.Load(problems);
        return problems.Count == 0 ? nodes : throw Unlisted($"the list of nodes in \"{_nodes.Path}\" cannot be used: {string.Join("; ", problems)}");
    }

    private static MonitorException Unlisted(string problem) => new(problem) { Hint = "\"pg_autoctl do fsm nodes set FILE\" gives it one" };

    private static Task<T> AnswerAsync<T>(Func<T> answer)
    {
        try
        {
            return Task.FromResult(answer());
        }
        catch (MonitorException e)
        {
            return Task.FromException<T>(e);
        }
    }

    private static Task<T> RefuseAsync<T>() => Task.FromException<T>(new MonitorException("this node is run without a monitor"));
}
