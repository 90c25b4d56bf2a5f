namespace PgAutoFailover.Keeper.Monitor;

/// <summary>
/// The monitor's functions as a keeper calls them. States, names and positions travel as text: the driver then needs no knowledge
/// of the monitor's own types.
/// </summary>
internal static class MonitorSql
{
    public const string NameRegistration = "select set_config('pgautofailover.registration', $1, true)";

    public const string RegisterNode = """
        select assigned_node_id, assigned_group_id, assigned_group_state::text, assigned_candidate_priority,
               assigned_replication_quorum, assigned_node_name
          from pgautofailover.register_node($1, $2, $3, $4::text::name, $5, $6, $7, $8,
                                            $9::text::pgautofailover.replication_state, $10, $11, $12, $13)
        """;

    public const string ProgramVersion = "select pgautofailover.program_version()";

    public const string NodeActive = """
        select assigned_node_id, assigned_group_id, assigned_group_state::text, assigned_candidate_priority, assigned_replication_quorum
          from pgautofailover.node_active($1, $2, $3, $4::text::pgautofailover.replication_state, $5, $6, $7::text::pg_lsn, $8,
                                          $9::text::jsonb)
        """;

    public const string OtherNodes = """
        select node_id, node_name, node_host, node_port, node_lsn::text, node_is_primary from pgautofailover.get_other_nodes($1)
        """;

    public const string Primary = """
        select primary_node_id, primary_name, primary_host, primary_port, '0/0', true from pgautofailover.get_primary($1, $2)
        """;

    // As get_most_advanced_standby, but all that have what the caller lacks, and timelines before positions. One whose health checks fail comes last
    // and is not left out: its keeper may be in touch all the same, and then the monitor counts on it.
    public const string StandbysAhead = """
        select other.node_id, other.nodename, other.nodehost, other.nodeport, other.reported_lsn::text, false
          from pgautofailover.current_state($1, $2) as other
          join pgautofailover.current_state($1, $2) as caller on caller.node_id = $3
         where other.node_id <> $3 and other.current_group_state = 'report_lsn' and other.assigned_group_state = 'report_lsn'
           and (other.reported_tli, other.reported_lsn) > (caller.reported_tli, caller.reported_lsn)
         order by other.health = 0, other.reported_tli desc, other.reported_lsn desc
        """;

    // In one statement, so in one snapshot: the value is the leader's, or there is none.
    public const string SynchronousStandbyNames = """
        select pgautofailover.synchronous_standby_names($1, $2)
          from pgautofailover.current_state($1, $2)
         where node_id = $3 and assigned_group_state in ('single', 'primary', 'wait_primary', 'join_primary', 'apply_settings')
        """;

    public const string SetSystemIdentifier = "select node_id from pgautofailover.set_node_system_identifier($1, $2)";

    public const string UpdateMetadata = "select pgautofailover.update_node_metadata($1, $2, $3, $4)";

    public const string ClientAddress = """
        select c.clienthost, c.clientport
          from (select $1::bigint as nodeid) as asked left join pgautofailover.client_address as c using (nodeid)
        """;

    public const string SetClientAddress = "select pgautofailover.set_client_address($1, nullif($2, ''), nullif($3, 0))";

    public const string RemoveNode = "select pgautofailover.remove_node($1::bigint, $2::bool)";

    public const string CurrentState = """
        select node_id, group_id, nodename, nodehost, nodeport, current_group_state::text, assigned_group_state::text
          from pgautofailover.current_state($1)
        """;
}
