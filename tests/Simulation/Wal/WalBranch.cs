using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Simulation.Wal;

/// <summary>
/// The WAL that one server wrote on one timeline, which went out from its parent at some record. Records count from the beginning of
/// the cluster. Two servers can end up writing timelines of the same number: these are two branches, although PostgreSQL would not notice.
/// </summary>
internal sealed class WalBranch(int timeline, WalBranch? parent, int fork, string writer)
{
    private static readonly Lsn s_start = new(0x3000000);

    private readonly List<ulong> _ends = [];

    public int Timeline { get; } = timeline;

    public WalBranch? Parent { get; } = parent;

    /// <summary>Records that it shares with its parent.</summary>
    public int Fork { get; } = fork;

    /// <summary>Name of the node that writes it.</summary>
    public string Writer { get; } = writer;

    /// <summary>Records up to the end of this branch, those before the fork included.</summary>
    public int Count => Fork + _ends.Count;

    /// <summary>Adds a record; returns the count with it.</summary>
    public int Append(int bytes)
    {
        _ends.Add(LsnAt(Count).Value + (ulong)bytes);
        return Count;
    }

    /// <summary>A crash has lost what was not flushed.</summary>
    public void Truncate(int count)
    {
        if (count < Count)
        {
            _ends.RemoveRange(count - Fork, Count - count);
        }
    }

    /// <summary>The position after so many records.</summary>
    public Lsn LsnAt(int count) => count > Fork ? new Lsn(_ends[count - Fork - 1]) : Parent is { } parent ? parent.LsnAt(count) : s_start;

    /// <summary>Whether who has this branch up to <paramref name="count"/> has <paramref name="other"/> up to <paramref name="otherCount"/>.</summary>
    public bool Includes(int count, WalBranch other, int otherCount)
    {
        var (branch, limit) = (this, count);
        while (!ReferenceEquals(branch, other))
        {
            if (branch.Parent is not { } parent)
            {
                return false;
            }

            limit = Math.Min(limit, branch.Fork);
            branch = parent;
        }

        return otherCount <= limit;
    }

    /// <summary>The number of this timeline and of those before it.</summary>
    public IEnumerable<int> Timelines() => History().Select(h => h.Timeline).Append(Timeline);

    /// <summary>The branch with which a timeline began that this one is on, or has been; null when it has not.</summary>
    public WalBranch? FirstOf(int timeline)
    {
        WalBranch? first = null;
        for (var branch = this; branch is not null; branch = branch.Parent)
        {
            first = branch.Timeline == timeline ? branch : first;
        }

        return first;
    }

    /// <summary>The timelines before this one, each with the position at which it was left.</summary>
    public IReadOnlyList<(int Timeline, Lsn SwitchPoint)> History()
    {
        var history = new List<(int, Lsn)>();
        for (var branch = this; branch.Parent is { } parent; branch = parent)
        {
            if (parent.Timeline != branch.Timeline)
            {
                history.Insert(0, (parent.Timeline, branch.LsnAt(branch.Fork)));
            }
        }

        return history;
    }

    public override string ToString() => $"timeline {Timeline} of {Writer}";
}
