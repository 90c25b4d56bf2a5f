using System.Text.Json;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Operations;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;
using PgAutoFailover.Monitor.Service;

namespace PgAutoFailover.Monitor.Api;

/// <summary><c>pgautofailover.node_active</c>: the keepers' heartbeat, answered from memory as long as nothing changes.</summary>
internal sealed class NodeActive(GroupRegistry groups, KeeperLinks links)
{
    public async Task<ServiceReply> HandleAsync(ServiceConnection connection, RequestArguments arguments, CancellationToken cancellationToken)
    {
        var report = Read(arguments);
        if (ReportHandling.Check(report) is { } malformed)
        {
            return ServiceReply.Refused(malformed);
        }

        // Before the session is taken for the node's.
        if (groups.OfNode(report.NodeId) is not { } group || (group.View.Find(report.NodeId) is { } node && ReportHandling.IsOfAnotherKeeper(node, report)))
        {
            return ServiceReply.Refused(await StrangerAsync(report, cancellationToken));
        }

        if (group.View.Formation.Id != report.FormationId)
        {
            return ServiceReply.Refused(new(
                ApiError.InvalidObjectDefinition,
                $"node {report.NodeId} does not belong to formation \"{report.FormationId}\"",
                $"It is registered in formation \"{group.View.Formation.Id}\""));
        }

        if (ReportHandling.KeepsItsSession(report) && !links.Speaks(report.NodeId, connection))
        {
            return ServiceReply.Refused(new(
                ApiError.SessionIsOver, $"node {report.NodeId} reports in a session that was opened later: what this one says is of the past"));
        }

        var outcome = await group.ReportAsync(report, connection, cancellationToken);
        return outcome.Change is { } change
            ? change.After.IsRestored
                ? ServiceReply.Refused(Restoration.Refusal(change.After))
                : Answer(change, report.NodeId)
            : ServiceReply.Refused(outcome.Error!); // one of the two is always there
    }

    private async Task<ApiError> StrangerAsync(NodeReport report, CancellationToken cancellationToken) =>
        MayBeMissingInBackup(report.FormationId) ? Restoration.RefusalOfUnknown(report.NodeId)
        : report.Evidence.RegistrationId is { } id && !await groups.Store.MayHaveRegisteredAsync(report.NodeId, id, cancellationToken) ? ReportHandling.ForeignKeeper(report.NodeId)
        : ReportHandling.UnknownNode(report.NodeId);

    private bool MayBeMissingInBackup(string formationId) =>
        (groups.FindFormation(formationId) is null ? groups.All : groups.OfFormation(formationId)).Any(g => g.View.IsRestored);

    private static ServiceReply Answer(GroupChange change, long nodeId)
    {
        // A node that this very report removed is told to be gone.
        var node = change.After.Find(nodeId) ?? change.Before.Find(nodeId)! with { Goal = NodeState.Dropped };
        return ReplyJson.Record(w => Write(w, change.After, node));
    }

    private static void Write(Utf8JsonWriter w, GroupView group, NodeView node)
    {
        w.WriteNumber("assigned_node_id", node.Id);
        w.WriteNumber("assigned_group_id", group.GroupId);
        w.WriteString("assigned_group_state", node.Goal.ToWire());
        w.WriteNumber("assigned_candidate_priority", node.CandidatePriority);
        w.WriteBoolean("assigned_replication_quorum", node.ReplicationQuorum);
    }

    private static NodeReport Read(RequestArguments a) => new(
        a.Text("formation_id"),
        a.Long("node_id"),
        a.Int("group_id"),
        a.State("current_group_role"),
        a.Bool("current_pg_is_running"),
        a.Int("current_tli"),
        a.Lsn("current_lsn"),
        a.Text("current_rep_state"),
        a.TryGetObject("current_evidence", out var evidence) ? Evidence(evidence.Value) : NodeEvidence.None);

    private static NodeEvidence Evidence(JsonElement json)
    {
        try
        {
            return json.Deserialize(EvidenceJson.Default.NodeEvidence) ?? NodeEvidence.None;
        }
        catch (JsonException e)
        {
            throw new RequestException(new(ApiError.InvalidParameterValue, "current_evidence is malformed", e.Message));
        }
    }
}
