using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Takes how a job ended.</summary>
internal sealed class JobIntake(KeeperContext c, Situation situation, JobSlot jobs, Outage outage, LoopNews news)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

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
    }

    private void TakeTransition()
    {
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
            situation.PauseFor(s_pause);
            outage.StartFailed();
            news.TellFailure(result);
        }
    }
}
