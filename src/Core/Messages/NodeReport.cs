using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Core.Messages;

/// <summary>A keeper's heartbeat: the arguments of <c>pgautofailover.node_active</c>.</summary>
public sealed record NodeReport(
    string FormationId,
    long NodeId,
    int GroupId,
    NodeState CurrentState,
    bool PgIsRunning,
    int Timeline,
    Lsn Lsn,
    string RepState,
    NodeEvidence Evidence);

/// <summary>The monitor's answer to a heartbeat and to a registration.</summary>
public sealed record NodeAssignment(
    long NodeId,
    int GroupId,
    NodeState Goal,
    int CandidatePriority,
    bool ReplicationQuorum,
    string NodeName);

/// <summary>The arguments of <c>pgautofailover.register_node</c>.</summary>
public sealed record NodeRegistration(
    string FormationId,
    string Host,
    int Port,
    string DbName,
    string NodeName,
    long SystemIdentifier,
    long DesiredNodeId,
    int DesiredGroupId,
    NodeState InitialState,
    string NodeKind,
    int CandidatePriority,
    bool ReplicationQuorum,
    string Cluster)
{
    /// <summary>See <see cref="NodeEvidence.RegistrationId"/>; empty for a keeper that has none.</summary>
    public string RegistrationId { get; init; } = "";
}

/// <summary>A node as <c>pgautofailover.get_nodes</c> and its kin list it.</summary>
public sealed record NodeAddress(long NodeId, string Name, string Host, int Port, Lsn Lsn, bool IsPrimary);
