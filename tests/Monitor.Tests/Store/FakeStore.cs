using System.Collections.Immutable;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Store;

namespace PgAutoFailover.Monitor.Tests.Store;

/// <summary>Tables in memory. A test may make the next commits fail, and may edit rows behind the service's back.</summary>
internal sealed class FakeStore(GroupView rows) : IMonitorStore
{
    public GroupView Rows { get; set; } = rows;

    public List<GroupCommit> Commits { get; } = [];

    /// <summary>Asked before each commit; an exception stands for a connection that breaks, a refusal for an ERROR.</summary>
    public Func<CommitResult> Fate { get; set; } = () => CommitResult.Done;

    /// <summary>Whether a commit that ended in an exception took effect all the same.</summary>
    public bool TakesEffectBeforeItBreaks { get; set; }

    /// <summary>As if the monitor's PostgreSQL were down.</summary>
    public bool IsAway { get; set; }

    public Task<CommitResult> CommitAsync(GroupCommit commit, TimeSpan now, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        if (!GroupRows.SameRows(commit.Before, Rows))
        {
            return Task.FromResult(CommitResult.Conflict);
        }

        if (TakesEffectBeforeItBreaks)
        {
            Rows = commit.After;
        }

        var fate = Fate();
        if (fate == CommitResult.Done)
        {
            Rows = commit.After;
            Commits.Add(commit);
        }

        return Task.FromResult(fate);
    }

    public Task<ImmutableArray<GroupView>> LoadAsync(TimeSpan now, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<GroupView>>([Rows]);

    public Task<GroupView?> LoadGroupAsync(string formationId, int groupId, TimeSpan now, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return Task.FromResult<GroupView?>(Rows);
    }

    public Task FlushReportsAsync(IReadOnlyCollection<NodeView> nodes, TimeSpan now, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<long> NextNodeIdAsync(CancellationToken cancellationToken) => Task.FromResult(Rows.Nodes.Max(n => n.Id) + 1);

    public Task<bool> MayHaveRegisteredAsync(long nodeId, string registrationId, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<CommitResult> CreateFormationAsync(NewFormation formation, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CommitResult> DropFormationAsync(string formationId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<long>> ReplaceZeroSystemIdentifierAsync(int groupId, long systemIdentifier, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new StoreException("connection refused");
        }
    }
}
