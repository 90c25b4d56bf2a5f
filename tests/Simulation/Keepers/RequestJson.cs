using System.Globalization;
using System.Text.Json;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Simulation.Keepers;

/// <summary>Arguments of the SQL API's functions, as the stubs hand them to the service.</summary>
internal static class RequestJson
{
    public static string Of(NodeReport r) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"formation_id":"{{r.FormationId}}","node_id":{{r.NodeId}},"group_id":{{r.GroupId}},"current_group_role":"{{r.CurrentState.ToWire()}}","current_pg_is_running":{{Bool(r.PgIsRunning)}},"current_tli":{{r.Timeline}},"current_lsn":"{{r.Lsn}}","current_rep_state":"{{r.RepState}}","current_evidence":{{JsonSerializer.Serialize(r.Evidence, EvidenceJson.Default.NodeEvidence)}}}
        """);

    public static string Of(NodeRegistration r) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"formation_id":"{{r.FormationId}}","node_host":"{{r.Host}}","node_port":{{r.Port}},"dbname":"{{r.DbName}}","node_name":"{{r.NodeName}}","sysidentifier":{{r.SystemIdentifier}},"desired_node_id":{{r.DesiredNodeId}},"desired_group_id":{{r.DesiredGroupId}},"initial_group_role":"{{r.InitialState.ToWire()}}","node_kind":"{{r.NodeKind}}","candidate_priority":{{r.CandidatePriority}},"replication_quorum":{{Bool(r.ReplicationQuorum)}},"node_cluster":"{{r.Cluster}}","registration":"{{r.RegistrationId}}"}
        """);

    public static string Remove(long nodeId, bool force) => string.Create(CultureInfo.InvariantCulture, $$"""{"node_id":{{nodeId}},"force":{{Bool(force)}}}""");

    public static string Bool(bool value) => value ? "true" : "false";
}
