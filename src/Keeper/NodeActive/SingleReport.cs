using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Peers;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Keeper.NodeActive;

/// <summary>One heartbeat without a keeper: what the state file and PostgreSQL say now. Nothing is done about the answer.</summary>
public static class SingleReport
{
    /// <exception cref="MonitorException">The monitor refuses, or cannot be reached.</exception>
    public static async Task<NodeAssignment> SendAsync(
        string formationId, KeeperSettings settings, KeeperState state, IPostgresServer server, IMonitorClient monitor, CancellationToken cancellationToken)
    {
        // Nothing is asked about the node's own number before its report was taken.
        var nodes = await monitor.GetCurrentStateAsync(formationId, cancellationToken);
        var others = new OtherNodes();
        others.Replace([.. nodes.Where(n => n.NodeId != state.NodeId).Select(n => new NodeAddress(n.NodeId, n.Name, n.Host, n.Port, Lsn.Invalid, n.Reported.CanTakeWrites()))]);
        var observation = await server.ObserveAsync(cancellationToken);
        var options = new KeeperOptions { FormationId = formationId, PgData = "", ProgramVersion = "", Settings = settings };
        var report = ReportBuilder.Build(options, settings, state, observation, outage: default, others.IdOf(observation.WalReceiver));

        // Without a keeper's version the monitor does not take this session for the keeper's, whose end would mean that it has died.
        return await monitor.NodeActiveAsync(report with { Evidence = report.Evidence with { KeeperVersion = null } }, cancellationToken);
    }
}
