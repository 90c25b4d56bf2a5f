using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Rules;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Operations;

/// <summary>Outcome of a registration: a first goal, or a refusal.</summary>
public sealed record RegistrationResult(NodeState Goal, ApiError? Error);

/// <summary>The first goal of a node that joins (monitor-api.md section 5.1, step 4).</summary>
public static class Registration
{
    /// <summary>Judges a registration against the group that the node is to join, which may be empty.</summary>
    public static RegistrationResult Judge(GroupView group, NodeRegistration registration)
    {
        if ((Malformed(registration) ?? Duplicate(group, registration) ?? ForeignData(group, registration)) is { } error)
        {
            return Refused(error);
        }

        if (group.IsRestored && !group.Live.IsEmpty)
        {
            return Refused(Restoration.Refusal(group));
        }

        var result = FirstGoal(group, registration);
        return result.Error is null && registration.InitialState != NodeState.Init && registration.InitialState != result.Goal
            ? Refused(new(
                ApiError.ObjectNotInPrerequisiteState,
                $"node {HostName.WithPort(registration.Host, registration.Port)} cannot be registered in state {registration.InitialState.ToWire()}",
                $"The group assigns {result.Goal.ToWire()} to a node that joins now",
                "A running primary can only be the first node of its group"))
            : result;
    }

    /// <summary>
    /// The row that a registration made before, whose answer was lost or whose creation was interrupted; null where it is a new one, or one
    /// that is made by hand and has no name. A row of another
    /// keeper may be had as long as that one has not got beyond waiting for its data.
    /// </summary>
    public static NodeView? FindOwn(GroupView group, NodeRegistration registration) =>
        registration.RegistrationId.Length == 0 || ForeignData(group, registration) is not null
            ? null
            : group.Live.FirstOrDefault(n => IsAt(n, registration)
                && registration.InitialState is var initial && (initial == NodeState.Init || initial == n.Reported)
                && (n.RegistrationId == registration.RegistrationId || n.Reported is NodeState.Init or NodeState.WaitStandby));

    /// <summary>
    /// The row of a creation that is carried on here, or was begun before, and which an operator has dropped meanwhile. It waits for a keeper's word that the node
    /// has stopped; that it registers again, having nothing, is that word. Null where there is none.
    /// </summary>
    public static NodeView? FindGivenUp(GroupView group, NodeRegistration registration) =>
        registration.RegistrationId.Length == 0
            ? null
            : group.Nodes.FirstOrDefault(n => n.Goal == NodeState.Dropped && n.Reported is NodeState.Init or NodeState.WaitStandby && IsAt(n, registration));

    private static bool IsAt(NodeView node, NodeRegistration registration) =>
        node.Host == registration.Host && node.Port == registration.Port && (registration.NodeName.Length == 0 || node.Name == registration.NodeName);

    private static ApiError? Malformed(NodeRegistration registration) =>
        NodeNaming.AddressProblem(registration.Host, registration.Port)
        ?? NodeNaming.Problem("node_name", registration.NodeName)
        ?? NodeNaming.Problem("node_cluster", registration.Cluster)
        ?? NodeNaming.Problem("dbname", registration.DbName)
        ?? NodeNaming.Problem("registration", registration.RegistrationId)
        ?? (registration.CandidatePriority is < 0 or > 100
            ? new(ApiError.InvalidParameterValue, $"candidate_priority is {registration.CandidatePriority}", "A number from 0 to 100 is expected")
            : null);

    /// <summary>
    /// Said before anything else, for a keeper whose creation was interrupted recognises its own row by it. The texts are those of
    /// the table's constraints, which say the same of nodes in other groups.
    /// </summary>
    private static ApiError? Duplicate(GroupView group, NodeRegistration registration) =>
        group.Nodes.FirstOrDefault(n => n.Host == registration.Host && n.Port == registration.Port) is { } there
            ? new(
                ApiError.UniqueViolation, "duplicate key value violates unique constraint \"node_nodehost_nodeport_key\"",
                $"{there} is registered already, in state \"{there.Reported.ToWire()}\"", "Choose another host name or port, or drop that node first")
            : group.Nodes.FirstOrDefault(n => registration.NodeName.Length > 0 && n.Name == registration.NodeName) is { } namesake
                ? new(
                    ApiError.UniqueViolation, "duplicate key value violates unique constraint \"node_formationid_nodename_key\"",
                    $"{namesake} is registered already", "Choose another name with --name, or drop that node first")
                : null;

    private static ApiError? ForeignData(GroupView group, NodeRegistration registration) =>
        registration.SystemIdentifier != 0
            && group.Live.FirstOrDefault(n => n.SystemIdentifier is { } id && id != registration.SystemIdentifier) is { } other
            ? new(
                ApiError.ExclusionViolation,
                $"system identifier {registration.SystemIdentifier} of {HostName.WithPort(registration.Host, registration.Port)} is not that of its group",
                $"{other} has system identifier {other.SystemIdentifier}: the data directories belong to different clusters",
                "Remove the data directory, so that the node is made as a copy of its primary, or register it in another formation")
            : null;

    private static RegistrationResult FirstGoal(GroupView group, NodeRegistration registration)
    {
        if (group.Formation.Kind == FormationKind.Pgsql && group.GroupId != 0)
        {
            return Refused(new(ApiError.InvalidParameterValue, $"group {group.GroupId} does not exist in formation \"{group.Formation.Id}\"",
                "In a formation of kind pgsql only group 0 exists"));
        }

        // As in rule 209: nobody begins to lead beside a node that is being dropped and has not heard of it.
        if (group.Live.IsEmpty && group.Nodes.FirstOrDefault(n => NodeJudgement.MayAcknowledge(n, group)) is { } serving)
        {
            return Refused(new(ApiError.ObjectInUse, $"{serving} is being dropped, and may take writes until its keeper hears of that",
                Failover.Describe(serving), $"Retry in a moment; if it is lost for good, \"pg_autoctl drop node --formation {group.Formation.Id} --name {serving.Name} --force\""));
        }

        // Also where what had the data was removed, and whoever is left waits to copy it: nobody else could lead.
        if (group.Live.All(n => n.ConvergedTo(NodeState.WaitStandby)) && registration.CandidatePriority > 0)
        {
            return new(NodeState.Single, null);
        }

        if (!group.Formation.OptSecondary)
        {
            return Refused(new(ApiError.ObjectNotInPrerequisiteState, $"formation \"{group.Formation.Id}\" does not allow secondary nodes",
                Hint: $"\"pg_autoctl enable secondary --formation {group.Formation.Id}\" allows them"));
        }

        if (group.Live.Any(n => n.Goal.CanTakeWrites() || n.Goal is NodeState.PreparePromotion or NodeState.StopReplication))
        {
            return new(NodeState.WaitStandby, null);
        }

        return group.Live.Any(n => n.CandidatePriority == 0 && n.ConvergedTo(NodeState.ReportLsn))
            ? new(NodeState.ReportLsn, null)
            : Refused(new(ApiError.ObjectInUse, $"group {group.GroupId} of formation \"{group.Formation.Id}\" has no node that a standby could follow now",
                string.Join("; ", group.Live.Select(Failover.Describe)), "Retry in a moment"));
    }

    /// <summary>
    /// The formation's <c>number_sync_standbys</c> after a node has joined: with the second standby of the quorum it goes from 0 to 1
    /// (monitor-api.md section 5.1, step 7).
    /// </summary>
    public static int NumberSyncStandbysWith(GroupView group, long newNodeId)
    {
        var number = group.Formation.NumberSyncStandbys;
        return number == 0
            && group.Find(newNodeId) is { Goal: NodeState.WaitStandby, ReplicationQuorum: true }
            && group.Live.FirstOrDefault(n => n.Goal.CanTakeWrites()) is { } primary
            && group.Live.Count(n => n.Id != primary.Id && n.ReplicationQuorum) == 2
                ? 1
                : number;
    }

    private static RegistrationResult Refused(ApiError error) => new(NodeState.Unknown, error);
}
