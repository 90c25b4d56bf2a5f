using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>Decides what the node is to be busy with.</summary>
internal sealed class JobChoice(
    KeeperContext c, Situation situation, Looking looking, LoopInputs inputs, FreezeGuard freeze, LoopNews news, bool hasStandbyOnDisk)
{
    /// <summary>What should be running instead of <paramref name="current"/>; null when that is right, or nothing is to be done.</summary>
    public Job? Choose(Job? current)
    {
        if (current is { Kind: JobKind.Fence })
        {
            return null;
        }

        if (MustFence())
        {
            return FenceJob.For(c);
        }

        if (current is null && situation.IsPausing)
        {
            // What has just failed may have failed for what has been put right: a password, a host's name.
            return inputs.TakeSettings() is { } settings ? Reload(settings) : null;
        }

        if (situation.Goal != situation.Role)
        {
            return current?.Row?.To == situation.Goal ? null : Transition();
        }

        if (current is { Row: { } row })
        {
            // The goal is back to what the node is. What has begun to commit without a standby must not stop halfway and still be
            // called primary; everything else can be given up.
            return row.Steps.Contains(KeeperStep.DisableSync) ? null : Job.Nothing;
        }

        return current is null && looking.IsFresh ? WantUpkeep() : null;
    }

    /// <summary>PostgreSQL is to run, as far as the keeper has to see to it.</summary>
    public bool IsToRun(Job? current) =>
        RoleRules.MustRun(situation.Role)
        && (RoleRules.MustRun(situation.Goal) || RoleRules.IsBeingCreated(situation.Goal))
        && current is not { IsUrgent: true };

    private bool MustFence() =>
        RoleRules.MayBeReplaced(situation.Role) && c.Server.IsRunning && freeze.IsOver && c.Lease.IsOver(c.Settings.NetworkPartitionTimeout);

    private Job? Transition()
    {
        if (KeeperTransitions.Find(situation.Role, situation.Goal) is { } row)
        {
            return TransitionJob.For(c, row, situation.Role);
        }

        news.TellNoTransition(situation.Role, situation.Goal);
        return null;
    }

    private Job? WantUpkeep()
    {
        if (inputs.TakeSettings() is { } settings)
        {
            return Reload(settings);
        }

        var mayAsk = c.Lease.MonitorHasAnswered && situation.MonitorAnswers && c.Monitor.KnowsNodes;
        var needs = Upkeep.Plan(situation.State, looking.Latest, c.Server.IsRunning, new UpkeepSituation
        {
            AdoptIsDue = situation.AdoptIsDue,
            MayStart = MayStart(),
            MayAsk = mayAsk,
            PeersDue = mayAsk && situation.PeersAreDue,
            IsAsAssigned = situation.Assigned == situation.Role,
            HasMonitor = !c.Options.HasNoMonitor,
        });
        if (needs == UpkeepNeeds.None)
        {
            // Last: one that fails again and again must not keep PostgreSQL down.
            return situation.UndoneReload is { } undone ? Reload(undone) : null;
        }

        situation.AdoptIsDue = false;
        situation.PeersAreDue &= !needs.HasFlag(UpkeepNeeds.Peers);
        return Upkeep.For(c, needs);
    }

    private Job Reload(KeeperSettings settings)
    {
        situation.UndoneReload = null;
        return ReloadJob.For(c, inputs, settings);
    }

    /// <summary>
    /// A primary is never started on the keeper's own authority: the monitor must have answered this process, and recently enough that it
    /// cannot have given the role away. A data directory that is certainly a standby's can do no harm.
    /// </summary>
    private bool MayStart() =>
        c.Lease.MonitorHasAnswered
            ? !RoleRules.MayBeReplaced(situation.Role) || !c.Lease.IsOver(c.Settings.NetworkPartitionTimeout)
            : hasStandbyOnDisk && RoleRules.IsStandby(situation.Role);
}
