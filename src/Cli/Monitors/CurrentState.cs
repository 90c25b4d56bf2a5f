using Npgsql;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The nodes of a formation as <c>pgautofailover.current_state</c> lists them.</summary>
internal static class CurrentState
{
    private const string Columns = """
        select formation_kind, nodename, nodehost, nodeport, group_id, node_id,
               current_group_state::text, assigned_group_state::text, reported_tli, reported_lsn::text, health,
               candidate_priority, replication_quorum
          from pgautofailover.current_state
        """;

    public static Task<List<NodeRow>> ReadAsync(MonitorConnection monitor, string formation, int? group, CancellationToken cancellationToken) =>
        group is { } number
            ? monitor.QueryAsync($"{Columns}($1, $2)", Read, cancellationToken, formation, number)
            : monitor.QueryAsync($"{Columns}($1)", Read, cancellationToken, formation);

    private static NodeRow Read(NpgsqlDataReader row) => new(
        FormationKind: row.GetString(0),
        Name: row.GetString(1),
        Host: row.GetString(2),
        Port: row.GetInt32(3),
        GroupId: row.GetInt32(4),
        NodeId: row.GetInt64(5),
        Reported: State(row.GetString(6)),
        Goal: State(row.GetString(7)),
        Timeline: row.GetInt32(8),
        Lsn: row.GetString(9),
        Health: row.GetInt32(10))
    {
        CandidatePriority = row.GetInt32(11),
        ReplicationQuorum = row.GetBoolean(12),
    };

    private static NodeState State(string name) => NodeStates.TryParse(name, out var state) ? state : NodeState.Unknown;
}
