using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What the loop knows between its rounds, and what is due. Only the loop's own task touches it.</summary>
internal sealed class Situation(KeeperContext c)
{
    private long _retryAt;

    public KeeperState State => c.State.Current;

    public NodeState Role => State.CurrentRole;

    /// <summary>What the monitor assigned last; null while its word is not known, or not trusted any more.</summary>
    public NodeState? Assigned { get; set; }

    /// <summary>What the node is to be; what it is, until the monitor has spoken.</summary>
    public NodeState Goal => Assigned ?? Role;

    /// <summary>Answers to calls that were sent before count for nothing.</summary>
    public long AnswersFrom { get; private set; }

    /// <summary>Looks at PostgreSQL that began before may miss something that is known to have happened.</summary>
    public long ObserveFrom { get; private set; }

    /// <summary>The last report was taken: the monitor is there, and is the one that knows this node.</summary>
    public bool MonitorAnswers { get; set; }

    public bool ReportIsDue { get; set; } = true;

    public bool AdoptIsDue { get; set; } = true;

    public bool PeersAreDue { get; set; } = true;

    /// <summary>A configuration that was read again, and whose application failed or had to make way.</summary>
    public KeeperSettings? UndoneReload { get; set; }

    /// <summary>Set when the loop is to end.</summary>
    public KeeperOutcome? Outcome { get; set; }

    /// <summary>What failed a moment ago is not tried again yet.</summary>
    public bool IsPausing => c.Time.GetTimestamp() < _retryAt;

    /// <summary>Forgets what the monitor said, and whatever it may yet answer to calls of the past.</summary>
    public void DoubtAssignment() => (Assigned, AnswersFrom, ReportIsDue) = (null, c.Time.GetTimestamp(), true);

    /// <summary>Something happened to PostgreSQL: the next report is to be about what is now.</summary>
    public void PostgresChanged() => (ObserveFrom, ReportIsDue) = (c.Time.GetTimestamp(), true);

    /// <summary>Something may have changed on the monitor that the answer to a report does not tell.</summary>
    public void GroupChanged() => (PeersAreDue, ReportIsDue) = (true, true);

    public void PauseFor(TimeSpan pause) => _retryAt = c.Time.GetTimestamp() + (long)(pause.TotalSeconds * c.Time.TimestampFrequency);

    public void EndPause() => _retryAt = 0;
}
