namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// How long this node has had no proof that it may go on as a primary: neither an answer of the monitor nor a sign of life of as
/// many standbys as its commits wait for. Both count from the moment at which the proof was certainly true: when the call was sent, when the standby replied.
/// Monotonic time, and the time since this process started counts as contact, so that a fresh process has a full lease.
/// </summary>
internal sealed class Lease(TimeProvider time)
{
    private long _monitorContact = time.GetTimestamp();
    private long _secondaryContact = time.GetTimestamp();

    /// <summary>The monitor has answered since this process started, or since it was thawed.</summary>
    public bool MonitorHasAnswered { get; private set; }

    /// <summary>False once the monitor has said that there is no such node.</summary>
    public bool MonitorKnowsNode { get; private set; } = true;

    public void MonitorForgotNode() => MonitorKnowsNode = false;

    public void MonitorAnswered(long callSentAt)
    {
        MonitorHasAnswered = true;
        _monitorContact = Math.Max(_monitorContact, callSentAt);
    }

    public bool SecondaryHasReplied { get; private set; }

    public void SecondaryReplied(long observedAt, TimeSpan ago)
    {
        SecondaryHasReplied = true;
        var repliedAt = observedAt - (long)(ago.TotalSeconds * time.TimestampFrequency);
        _secondaryContact = Math.Max(_secondaryContact, repliedAt);
    }

    /// <summary>What was true before the process was frozen need not be true any more.</summary>
    public void Doubt() => MonitorHasAnswered = false;

    public TimeSpan SinceMonitor() => time.GetElapsedTime(_monitorContact);

    public TimeSpan SinceSecondary() => time.GetElapsedTime(_secondaryContact);

    /// <summary>The partition rule (keeper-fsm.md section 3.1).</summary>
    public bool IsOver(TimeSpan networkPartitionTimeout) =>
        SinceMonitor() > networkPartitionTimeout && SinceSecondary() > networkPartitionTimeout;
}
