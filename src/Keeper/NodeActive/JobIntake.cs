using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Takes how a job ended.</summary>
internal sealed class JobIntake(KeeperContext c, Situation situation, JobSlot jobs, Outage outage, LoopNews news)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    // Of what must not be tried again soon, as often as it fails.
    private TimeSpan _costlyPause = s_pause;

    public void Take()
    {
        if (!jobs.TryTake(out var result))
        {
            return;
        }

        situation.PostgresChanged();
        if (!result.Succeeded)
        {
            TakeFailure(result);
        }
        else if (result.Job.Kind == JobKind.Fence)
        {
            // What the monitor said before was said to a primary.
            situation.DoubtAssignment();
        }
        else if (result.Job.Kind == JobKind.Transition)
        {
            TakeTransition();
        }
        else if (result.Job.Reload is not null)
        {
            _costlyPause = s_pause;
            situation.EndPause();
        }
    }

    private void TakeTransition()
    {
        _costlyPause = s_pause;
        news.Forget();
        situation.PeersAreDue = true;
        if (situation.Role == NodeState.Dropped && !c.Lease.MonitorKnowsNode)
        {
            situation.Outcome = c.Lease.MonitorHasAnswered ? KeeperOutcome.Dropped : KeeperOutcome.Unknown;
        }
    }

    private void TakeFailure(JobResult result)
    {
        situation.GroupChanged();
        situation.UndoneReload = result.Job.Reload ?? situation.UndoneReload;
        if (!result.WasCancelled)
        {
            situation.PauseFor(PauseAfter(result.Error));
            outage.StartFailed();
            news.TellFailure(result);
        }
    }

    // It ends when something changes in the group, another goal is assigned, or the configuration has been read again.
    private TimeSpan PauseAfter(Exception? error)
    {
        if (error is not PostgresException { IsCostly: true })
        {
            return s_pause;
        }

        var pause = _costlyPause;
        _costlyPause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, s_longestPause.Ticks));
        return pause;
    }
}
