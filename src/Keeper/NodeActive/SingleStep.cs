using Microsoft.Extensions.Logging;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>
/// One turn of the keeper's loop without a keeper: a report, the transition that the monitor asks for in its answer, and the report of that. A goal
/// that cannot be reached, and a step that fails, end it; the state file says how far it came.
/// </summary>
public static class SingleStep
{
    /// <returns>The state before, and the goal; whether it was reached, which it is not where no transition leads there.</returns>
    /// <exception cref="MonitorException">The monitor refuses, or cannot be reached.</exception>
    /// <exception cref="KeeperStateException">There is no state that can be trusted.</exception>
    public static async Task<(NodeState From, NodeState Goal, bool IsReached)> RunAsync(
        KeeperOptions options, IPostgresServer server, IMonitorClient monitor, IKeeperStateStore store, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        var before = store.Load() ?? throw new KeeperStateException(options.PgData, "there is none; the node has not been created");
        var goal = (await ReportAsync(before)).Goal;
        if (goal == before.CurrentRole)
        {
            return (goal, goal, IsReached: true);
        }

        if (KeeperTransitions.Find(before.CurrentRole, goal) is not { } row)
        {
            return (before.CurrentRole, goal, IsReached: false);
        }

        log.TransitionBegins(before.CurrentRole.ToWire(), goal.ToWire(), row.Why);
        var context = new KeeperContext(options, server, monitor, new StateHolder(store, before), log, time);
        await TransitionJob.For(context, row, before.CurrentRole).Work(cancellationToken);
        await ReportAsync(context.State.Current);
        return (before.CurrentRole, goal, IsReached: true);

        Task<NodeAssignment> ReportAsync(KeeperState state) =>
            SingleReport.SendAsync(options.FormationId, options.Settings, state, server, monitor, cancellationToken);
    }
}
