namespace PgAutoFailover.Monitor.Store;

/// <summary>
/// Commits of groups that wait for a lane. Whoever gets one takes others along into its transaction: at every commit that notifies, PostgreSQL wakes each session that
/// listens, so that a thousand groups that change at once before a thousand listeners take it many seconds one by one, and a moment together.
/// </summary>
internal sealed class WaitingCommits
{
    /// <summary>How many go together at most. Beyond that little is gained, and where one spoils it all begin again.</summary>
    private const int Most = 100;

    private readonly Lock _lock = new();
    private readonly List<WaitingCommit> _waiting = [];

    public WaitingCommit Add(GroupCommit commit, TimeSpan now)
    {
        var waiting = new WaitingCommit(commit, now);
        lock (_lock)
        {
            _waiting.Add(waiting);
        }

        return waiting;
    }

    /// <summary>Takes that one and those that have waited longest. None where somebody else has taken it.</summary>
    public IReadOnlyList<WaitingCommit> TakeWith(WaitingCommit one)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(one))
            {
                return [];
            }

            List<WaitingCommit> taken = [one, .. _waiting.Take(Most - 1)];
            _waiting.RemoveRange(0, taken.Count - 1);
            return taken;
        }
    }

    /// <summary>Forgets one that nobody is to write any more, unless somebody has taken it.</summary>
    public void Withdraw(WaitingCommit one)
    {
        lock (_lock)
        {
            _waiting.Remove(one);
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class WaitingCommit(GroupCommit commit, TimeSpan now)
{
    private readonly TaskCompletionSource<CommitResult?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How it ended, for whoever waits. Null: together with others it could not be written; nothing was, and it is to be tried alone.</summary>
    public Task<CommitResult?> Result => _result.Task;

    /// <summary>Its statements.</summary>
    public void AddTo(CommitBatch writes) => CommitStatements.Add(writes, commit, now);

    public void End(CommitResult? result) => _result.TrySetResult(result);

    /// <summary>It is not known whether it was written.</summary>
    public void Fail(StoreException why) => _result.TrySetException(why);
}
