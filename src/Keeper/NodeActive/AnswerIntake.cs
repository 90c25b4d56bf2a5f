using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Takes what the monitor answered to a report.</summary>
internal sealed class AnswerIntake(KeeperContext c, Situation situation, Heartbeat heartbeat)
{
    public void Take()
    {
        if (heartbeat.TryTake() is not { } answer || answer.SentAt < situation.AnswersFrom)
        {
            return;
        }

        situation.MonitorAnswers = answer.Assignment is not null;
        if (answer.Assignment is { } assignment)
        {
            TakeGoal(assignment.Goal, answer);
        }
        else if (answer.Error is { SqlState: MonitorException.UndefinedObject } error)
        {
            TakeRemoval(error);
        }
    }

    private void TakeGoal(NodeState goal, Answer answer)
    {
        if (!c.Lease.MonitorHasAnswered || situation.Assigned is null)
        {
            situation.GroupChanged();
        }

        c.Lease.MonitorAnswered(answer.SentAt);
        if (situation.Assigned != goal && goal != situation.Role)
        {
            TellGoal(goal);
            situation.EndPause();
        }

        situation.Assigned = goal;
        if (answer.Reported == situation.Role && goal == situation.Role)
        {
            situation.Outcome = situation.Role == NodeState.Dropped ? KeeperOutcome.Dropped : situation.Outcome;
        }

        // The monitor knows that the node is made: that is all that a creation without a service has to see to.
        if (c.Options.StopWhenInitialized && answer.Reported == situation.Role && !RoleRules.IsBeingCreated(situation.Role))
        {
            situation.Outcome = KeeperOutcome.Initialized;
        }
    }

    private void TellGoal(NodeState goal)
    {
        if (c.Options.HasNoMonitor)
        {
            c.Log.GoalAssignedByHand(goal.ToWire());
        }
        else
        {
            c.Log.GoalAssigned(goal.ToWire());
        }
    }

    /// <summary>
    /// The monitor has no such node: it was removed by force. Another one may be promoted without regard to this one, so it stops,
    /// just as if it had been told to.
    /// </summary>
    private void TakeRemoval(MonitorException error)
    {
        if (situation.Assigned != NodeState.Dropped)
        {
            c.Log.UnknownToMonitor(c.NodeName, error.Detail ?? error.Message);
        }

        c.Lease.MonitorForgotNode();
        situation.Assigned = NodeState.Dropped;
        if (situation.Role == NodeState.Dropped)
        {
            situation.Outcome = c.Lease.MonitorHasAnswered ? KeeperOutcome.Dropped : KeeperOutcome.Unknown;
        }
    }
}
