using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Hooks;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Api;

/// <summary>What operators ask of groups and nodes (monitor-api.md sections 5.6 and 6): Core judges, the group commits.</summary>
internal sealed class Operators(GroupRegistry groups, PlannedChanges planned)
{
    public Task<ServiceReply> PerformFailoverAsync(PlannedCall call, RequestArguments a, bool allowDataLoss, CancellationToken cancellationToken)
    {
        var (formationId, groupId) = (a.Text("formation_id"), a.Int("group_id"));
        return groups.Find(formationId, groupId) is { } group
            ? BeginAsync(
                call,
                new(group, PlannedChange.Failover, TargetId: null,
                    c => (allowDataLoss, c.After.IsRestored) switch
                    {
                        (false, _) => Failover.Perform(c.After, c.Settings, c.Clock),
                        (true, false) => Failover.PerformWithLoss(c.After, c.Settings, c.Clock),
                        (true, true) => Restoration.GiveUp(c.After, c.Settings, c.Clock),
                    },
                    IsVoid: true),
                cancellationToken)
            : RefusedAsync(new(ApiError.InternalError, $"cannot perform a failover: formation \"{formationId}\" has no group {groupId}",
                Hint: "\"pg_autoctl show state\" lists formations and groups"));
    }

    public Task<ServiceReply> PerformPromotionAsync(PlannedCall call, RequestArguments a, CancellationToken cancellationToken)
    {
        var name = a.Text("node_name");
        return OfNode(a.Text("formation_id"), name) is { } group
            ? BeginAsync(
                call,
                new(group, PlannedChange.Promotion, group.View.Nodes.FirstOrDefault(n => n.Name == name)?.Id,
                    c => c.After.IsRestored ? Restoration.Choose(c.After, name, c.Settings, c.Clock) : Failover.Promote(c.After, name, c.Settings, c.Clock),
                    IsVoid: false),
                cancellationToken)
            : UnknownNameAsync(a);
    }

    public Task<ServiceReply> StartMaintenanceAsync(PlannedCall call, RequestArguments a, CancellationToken cancellationToken)
    {
        var nodeId = a.Long("node_id");
        return groups.OfNode(nodeId) is { } group
            ? BeginAsync(
                call,
                new(group, PlannedChange.StartMaintenance, nodeId, c => Maintenance.Start(c.After, nodeId, c.Settings, c.Clock), IsVoid: false),
                cancellationToken)
            : Task.FromResult(ReplyJson.False);
    }

    public Task<ServiceReply> StopMaintenanceAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var nodeId = a.Long("node_id");
        return groups.OfNode(nodeId) is { } group
            ? OperatorTurn.TakeAsync(group, c => Maintenance.Stop(c.After, nodeId), isVoid: false, cancellationToken)
            : Task.FromResult(ReplyJson.False);
    }

    public Task<ServiceReply> SetCandidatePriorityAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var (name, priority) = (a.Text("node_name"), a.Int("candidate_priority"));
        return OfNode(a.Text("formation_id"), name) is { } group
            ? OperatorTurn.TakeAsync(group, c => ReplicationSettings.SetCandidatePriority(c.After, name, priority), isVoid: false, cancellationToken)
            : UnknownNameAsync(a);
    }

    public Task<ServiceReply> SetReplicationQuorumAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var (name, quorum) = (a.Text("node_name"), a.Bool("replication_quorum"));
        return OfNode(a.Text("formation_id"), name) is { } group
            ? OperatorTurn.TakeAsync(group, c => ReplicationSettings.SetReplicationQuorum(c.After, name, quorum), isVoid: false, cancellationToken)
            : UnknownNameAsync(a);
    }

    public Task<ServiceReply> SetNumberSyncStandbysAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var (formationId, number) = (a.Text("formation_id"), a.Int("number_sync_standbys"));
        return groups.Find(formationId, 0) is { } group
            ? OperatorTurn.TakeAsync(group, c => ReplicationSettings.SetNumberSyncStandbys(c.After, number), isVoid: false, cancellationToken)
            : RefusedAsync(new(ApiError.InvalidParameterValue, $"unknown formation \"{formationId}\""));
    }

    public Task<ServiceReply> RemoveNodeAsync(RequestArguments a, CancellationToken cancellationToken)
    {
        var force = a.Bool("force");
        if (a.LongOrNull("node_id") is { } nodeId)
        {
            return groups.OfNode(nodeId) is { } group
                ? RemoveAsync(group, nodeId, force, cancellationToken)
                : RefusedAsync(ReportHandling.UnknownNode(nodeId));
        }

        var (host, port) = (a.Text("node_host"), a.Int("node_port"));
        var found = groups.All.SelectMany(g => g.View.Nodes, (g, n) => (Group: g, Node: n)).FirstOrDefault(p => p.Node.Host == host && p.Node.Port == port);
        return found.Group is not null
            ? RemoveAsync(found.Group, found.Node.Id, force, cancellationToken)
            : RefusedAsync(new(ApiError.UndefinedObject, $"couldn't find node \"{host}\" with port {port}", Hint: "\"pg_autoctl show state\" lists the nodes"));
    }

    private static Task<ServiceReply> RemoveAsync(GroupActor group, long nodeId, bool force, CancellationToken cancellationToken) =>
        OperatorTurn.TakeAsync(group, c => Removal.Remove(c.After, nodeId, force), isVoid: false, cancellationToken);

    private Task<ServiceReply> BeginAsync(PlannedCall call, PlannedChange change, CancellationToken cancellationToken) =>
        planned.BeginAsync(call, change, cancellationToken);

    private GroupActor? OfNode(string formationId, string nodeName) =>
        groups.OfFormation(formationId).FirstOrDefault(g => g.View.Nodes.Any(n => n.Name == nodeName));

    private static Task<ServiceReply> UnknownNameAsync(RequestArguments a) => RefusedAsync(new(
        ApiError.UndefinedObject, $"node \"{a.Text("node_name")}\" is not registered in formation \"{a.Text("formation_id")}\"",
        Hint: "\"pg_autoctl show state\" lists the nodes"));

    private static Task<ServiceReply> RefusedAsync(ApiError error) => Task.FromResult(ServiceReply.Refused(error));
}
