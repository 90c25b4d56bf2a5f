using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Tells an operator what is new, once: a loop that tries again every second must not say so every second.</summary>
internal sealed class LoopNews(KeeperContext c)
{
    private static readonly TimeSpan s_firstWrite = TimeSpan.FromSeconds(1);

    private long? _writesNothingSince;
    private bool _writesNothingTold;
    private string? _lastFailure;
    private string? _lastFailedJob;
    private (NodeState, NodeState)? _lastGap;

    public void Tell(PostgresObservation before, PostgresObservation now)
    {
        TellReceiver(now.WalReceiver);
        if (before.IsReady && !now.IsReady)
        {
            TellLost(now);
        }
        else if (now is { Phase: PostgresPhase.Failed, Problem: { } problem } && before.Problem != problem)
        {
            c.Log.PostgresFailed(problem);
        }
        else if (now.IsReady && !before.IsReady)
        {
            c.Log.PostgresReady(c.Settings.Port);
        }
    }

    private void TellLost(PostgresObservation now)
    {
        if (now.IsToStop)
        {
            c.Log.PostgresStops(now.Phase.ToString());
        }
        else
        {
            c.Log.PostgresLost(now.Phase.ToString(), now.Problem ?? "it ended");
        }
    }

    // Seen only now and then, for it ends at once and is started again: so it counts as going on until one that writes is seen. One that has just
    // begun has written nothing yet, and nothing is wrong with it.
    private void TellReceiver(WalReceiver? receiver)
    {
        if (receiver is { WritesNothing: false })
        {
            (_writesNothingSince, _writesNothingTold) = (null, false);
        }
        else if (receiver is { WritesNothing: true })
        {
            _writesNothingSince ??= c.Time.GetTimestamp();
            if (!_writesNothingTold && c.Time.GetElapsedTime(_writesNothingSince.Value) >= s_firstWrite)
            {
                _writesNothingTold = true;
                c.Log.ReceiverWritesNothing(c.NodeName);
            }
        }
    }

    public void TellFailure(JobResult result)
    {
        var (message, hint) = result.Error switch
        {
            PostgresException e => (e.Message, e.Hint),
            MonitorException e => (e.Message, e.Hint ?? e.Detail),
            { } e => ($"{e.GetType().Name}: {e.Message}", null),
            null => ("", null),
        };
        _lastFailedJob = result.Job.Name;
        var failure = $"{result.Job.Name}: {message}";
        if (failure != _lastFailure)
        {
            _lastFailure = failure;
            c.Log.JobFailed(result.Job.Name, message, hint is null ? "" : $" ({hint})");
        }
    }

    public void TellStart(Job job, NodeState from)
    {
        if (job is { Row: { } row } && job.Name != _lastFailedJob)
        {
            c.Log.TransitionBegins(from.ToWire(), row.To.ToWire(), row.Why);
        }
    }

    public void TellNoTransition(NodeState from, NodeState to)
    {
        if (_lastGap != (from, to))
        {
            _lastGap = (from, to);
            c.Log.NoTransition(from.ToWire(), to.ToWire());
        }
    }

    /// <summary>Something succeeded: the same failure would be news again.</summary>
    public void Forget() => (_lastFailure, _lastFailedJob, _lastGap) = (null, null, null);
}
