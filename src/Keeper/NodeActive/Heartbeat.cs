using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>An answer of the monitor to a report.</summary>
/// <param name="SentAt">When the report was sent: what the answer says was true at some moment after that.</param>
/// <param name="Reported">The state that was reported.</param>
/// <param name="Assignment">Null when there was none.</param>
/// <param name="Error">Why there was none.</param>
internal sealed record Answer(long SentAt, NodeState Reported, NodeAssignment? Assignment, MonitorException? Error);

/// <summary>The calls of <c>node_active</c>: one at a time, each with a limit, and the log of whether they succeed.</summary>
internal sealed class Heartbeat(KeeperContext c, Signal signal)
{
    /// <summary>A call that takes longer has failed. The client's own limit is shorter; this one holds whatever the client does.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan s_repeatWarning = TimeSpan.FromSeconds(30);

    private readonly Inquiry<NodeAssignment> _call = new(signal, c.Time);
    private NodeState _reported;
    private long? _failingSince;
    private long _warnedAt;
    private string? _warnedOf;

    public bool IsCalling => _call.IsRunning;

    /// <summary>When the call that runs, or ran last, was sent.</summary>
    public long LastSent => _call.StartedAt;

    public void Send(NodeReport report, CancellationToken cancellationToken)
    {
        _reported = report.CurrentState;
        c.Log.Reporting(report.CurrentState.ToWire(), report.PgIsRunning, report.Timeline, report.Lsn, report.RepState);
        _call.Start(() => c.Monitor.NodeActiveAsync(report, cancellationToken).WaitAsync(Limit, c.Time, cancellationToken));
    }

    public Answer? TryTake()
    {
        if (!_call.TryTake(out var reply))
        {
            return null;
        }

        if (reply.Value is { } assignment)
        {
            Succeeded();
            return new(_call.StartedAt, _reported, assignment, Error: null);
        }

        var error = reply.Error as MonitorException ?? new MonitorException($"no answer from the monitor: {reply.Error?.Message}", reply.Error);
        Failed(error);
        return new(_call.StartedAt, _reported, Assignment: null, error);
    }

    public Task EndAsync() => _call.EndAsync();

    private void Succeeded()
    {
        if (_failingSince is { } since)
        {
            _failingSince = null;
            if (!c.Options.HasNoMonitor)
            {
                c.Log.MonitorIsBack(c.Time.GetElapsedTime(since).TotalSeconds);
            }
        }
    }

    private void Tell(MonitorException error)
    {
        if (c.Options.HasNoMonitor)
        {
            c.Log.StaysAsItIs(error.Message, error.Detail ?? "");
        }
        else
        {
            c.Log.MonitorCallFailed(error.Message, error.Detail, error.Hint);
        }
    }

    private void Failed(MonitorException error)
    {
        // A monitor that does not answer and one that refuses are different news.
        if (_failingSince is null || error.SqlState != _warnedOf || c.Time.GetElapsedTime(_warnedAt) >= s_repeatWarning)
        {
            (_warnedAt, _warnedOf) = (c.Time.GetTimestamp(), error.SqlState);
            Tell(error);
        }

        _failingSince ??= c.Time.GetTimestamp();
    }
}
