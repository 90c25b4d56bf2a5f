using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>What the current state demands beyond what is (keeper-fsm.md section 3.2).</summary>
[Flags]
internal enum UpkeepNeeds
{
    None = 0,
    Start = 1,
    Stop = 2,
    ClearSync = 4,
    Peers = 8,
    Rejoin = 16,
    Upstream = 32,
}

/// <summary>What the plan of an upkeep depends on, besides the state.</summary>
/// <param name="AdoptIsDue">This process has not taken charge of a running PostgreSQL yet.</param>
/// <param name="MayStart">The keeper may start PostgreSQL in this state now.</param>
/// <param name="MayAsk">There is somebody who knows the other nodes.</param>
/// <param name="PeersDue">The list of other nodes may have changed.</param>
/// <param name="IsAsAssigned">The monitor is known to want the node as it is: it has not called it into an election, say.</param>
/// <param name="HasMonitor">Where there is none, whoever promotes a standby may be the one who decides.</param>
internal readonly record struct UpkeepSituation(bool AdoptIsDue, bool MayStart, bool MayAsk, bool PeersDue, bool IsAsAssigned, bool HasMonitor);

/// <summary>Keeps the local PostgreSQL as the current state wants it, while there is no transition.</summary>
internal static class Upkeep
{
    /// <summary>Decides what to do. Pure.</summary>
    public static UpkeepNeeds Plan(KeeperState state, PostgresObservation observation, bool isRunning, UpkeepSituation situation)
    {
        var role = state.CurrentRole;
        if (RoleRules.MustBeStopped(role))
        {
            return isRunning ? UpkeepNeeds.Stop : UpkeepNeeds.None;
        }

        if (!RoleRules.MustRun(role))
        {
            return UpkeepNeeds.None;
        }

        // A postmaster that died under supervision is being restarted already, until that has failed for good.
        if (observation is { Phase: PostgresPhase.Failed } or { Phase: PostgresPhase.Down, DownFor.Ticks: 0 })
        {
            // A rewrite that was called off is carried on: nothing starts on what it has left, and a copy without its standby settings would
            // start as a primary.
            if (RoleRules.Follows(role) && (state.RewritingPgData || state.FreshCopy))
            {
                return situation.MayAsk ? UpkeepNeeds.Rejoin : UpkeepNeeds.None;
            }

            return situation.MayStart && !state.RewritingPgData ? UpkeepNeeds.Start : UpkeepNeeds.None;
        }

        var needs = situation.AdoptIsDue ? UpkeepNeeds.Start : UpkeepNeeds.None;
        if (!observation.IsReady)
        {
            return needs;
        }

        // Somebody has promoted it behind the monitor's back: it takes back what it has done since, before it is counted on for anything.
        if (RoleRules.Follows(role) && !observation.InRecovery && situation is { MayAsk: true, IsAsAssigned: true, HasMonitor: true })
        {
            return needs | UpkeepNeeds.Rejoin;
        }

        needs |= situation.PeersDue ? UpkeepNeeds.Peers : UpkeepNeeds.None;
        needs |= situation is { PeersDue: true, IsAsAssigned: true } && RoleRules.Follows(role) ? UpkeepNeeds.Upstream : UpkeepNeeds.None;
        var hasSync = observation.SynchronousStandbyNames.Length > 0;
        return role switch
        {
            // Nobody is waited for in these; on a standby the setting would block the first commit after its promotion.
            NodeState.Single or NodeState.WaitPrimary when hasSync => needs | UpkeepNeeds.ClearSync,
            _ when RoleRules.IsStandby(role) && hasSync => needs | UpkeepNeeds.ClearSync,
            _ => needs,
        };
    }

    public static Job For(KeeperContext c, UpkeepNeeds needs) => new(JobKind.Upkeep, $"upkeep ({needs})", Row: null, ct => RunAsync(c, needs, ct));

    private static async Task RunAsync(KeeperContext c, UpkeepNeeds needs, CancellationToken cancellationToken)
    {
        if (needs.HasFlag(UpkeepNeeds.Stop))
        {
            c.Log.StoppingUnwanted(c.State.Current.CurrentRole.ToWire());
            await c.Server.StopAsync(StopMode.Fast, cancellationToken);
        }

        if (needs.HasFlag(UpkeepNeeds.Rejoin))
        {
            await RejoinStandby.RunAsync(c, cancellationToken);
        }

        if (needs.HasFlag(UpkeepNeeds.Start))
        {
            await Running.EnsureAsync(c, cancellationToken);
        }

        if (needs.HasFlag(UpkeepNeeds.ClearSync))
        {
            c.Log.DisablingSync();
            await c.Server.SetSynchronousStandbyNamesAsync("", cancellationToken);
        }

        if (needs.HasFlag(UpkeepNeeds.Peers))
        {
            await PeerUpkeep.RunAsync(c, needs.HasFlag(UpkeepNeeds.Upstream), cancellationToken);
        }
    }
}
