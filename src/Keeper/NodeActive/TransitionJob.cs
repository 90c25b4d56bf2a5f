using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.Steps;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// Carries out a row of the transition table: its steps in order, then the new state on disk, and only then may it be reported. A
/// crash in between repeats steps, which are idempotent, and never reports what is not remembered.
/// </summary>
internal static class TransitionJob
{
    public static Job For(KeeperContext c, KeeperTransition row, NodeState from) =>
        new(JobKind.Transition, $"transition from {from.ToWire()} to {row.To.ToWire()}", row, ct => RunAsync(c, row, from, ct));

    private static async Task RunAsync(KeeperContext c, KeeperTransition row, NodeState from, CancellationToken cancellationToken)
    {
        foreach (var step in row.Steps)
        {
            await StepRunner.RunAsync(step, c, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }

        // The monitor lets a standby copy as soon as this is reported: its HBA rules and its slot have to be there before.
        if (from == NodeState.Single && row.To == NodeState.WaitPrimary)
        {
            // And PostgreSQL may have died meanwhile: as long as there is a transition to make, nothing else starts it.
            await Running.EnsureAsync(c, cancellationToken);
            await PeerUpkeep.RunAsync(c, follows: false, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        c.State.Change(s => s with { CurrentRole = row.To, AssignedRole = row.To, StoppedAt = RoleRules.MustBeStopped(row.To) ? s.StoppedAt : null });
        if (RoleRules.IsBeingCreated(from) || from == NodeState.Dropped)
        {
            EndCreation(c, row.To);
        }

        c.Log.TransitionComplete(row.To.ToWire());
    }

    private static void EndCreation(KeeperContext c, NodeState role)
    {
        if (!RoleRules.IsBeingCreated(role) && c.State.LoadInit() is not null)
        {
            c.State.DeleteInit();
            c.Log.CreationComplete(c.NodeName);
        }
    }
}
