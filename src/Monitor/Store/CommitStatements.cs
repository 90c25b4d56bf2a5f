using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Groups;

namespace PgAutoFailover.Monitor.Store;

/// <summary>
/// The statements that turn one view of a group into another. Each UPDATE and DELETE names the values that it expects to find, so that
/// an edit that the service has not noticed yet is not overwritten: then the turn is repeated on the rows as they are.
/// </summary>
internal static class CommitStatements
{
    private const string Expected =
        """
        where nodeid = $1 and goalstate = $2::pgautofailover.replication_state and reportedstate = $3::pgautofailover.replication_state
          and candidatepriority = $4 and replicationquorum = $5 and nodename = $6 and nodehost = $7 and nodeport = $8
          and coalesce(sysidentifier, 0) = $9 and nodecluster = $10
        """;

    private const string Update =
        $"""
        update pgautofailover.node
           set goalstate = $11::pgautofailover.replication_state, reportedstate = $12::pgautofailover.replication_state,
               candidatepriority = $13, replicationquorum = $14, nodename = $15, nodehost = $16, nodeport = $17, sysidentifier = $18,
               nodecluster = $19, reportedpgisrunning = $20, reportedrepstate = $21, reportedtli = $22, reportedlsn = $23::pg_lsn,
               health = $24, reporttime = clock_timestamp() - make_interval(secs => $25),
               walreporttime = clock_timestamp() - make_interval(secs => $26),
               healthchecktime = clock_timestamp() - make_interval(secs => $27),
               statechangetime = clock_timestamp() - make_interval(secs => $28)
        {Expected}
        """;

    private const string Insert =
        """
        insert into pgautofailover.node
               (formationid, groupid, nodeid, goalstate, reportedstate, candidatepriority, replicationquorum,
                nodename, nodehost, nodeport, sysidentifier, nodecluster)
        values ($1, $2, $3, $4::pgautofailover.replication_state, $5::pgautofailover.replication_state, $6, $7, $8, $9, $10, $11, $12)
        """;

    // An id that the operator chose must not be handed out again.
    private const string MoveSequence =
        """
        select setval('pgautofailover.node_nodeid_seq', $1) from pgautofailover.node_nodeid_seq where last_value < $1
        """;

    private const string UpdateFormation =
        """
        update pgautofailover.formation set kind = $6, dbname = $7, opt_secondary = $8, number_sync_standbys = $9
         where formationid = $1 and kind = $2 and dbname = $3::name and opt_secondary = $4 and number_sync_standbys = $5
        """;

    private const string Doubt = "insert into pgautofailover_private.unconfirmed_goal (nodeid) values ($1) on conflict do nothing";

    private const string Confirm = "delete from pgautofailover_private.unconfirmed_goal where nodeid = $1";

    private const string ForgetClient = "delete from pgautofailover.client_address where nodeid = $1";

    private const string InsertClient =
        "insert into pgautofailover.client_address (nodeid, clienthost, clientport) values ($1, nullif($2, ''), nullif($3, 0))";

    private const string ForgetRegistration = "update pgautofailover_private.registration set nodeid = null where nodeid = $1";

    private const string InsertRegistration =
        """
        insert into pgautofailover_private.registration (nodeid, registrationid) values ($1, $2)
            on conflict (registrationid) do update set nodeid = excluded.nodeid
        """;

    private const string DeleteTerms = "delete from pgautofailover_private.terms where formationid = $1 and groupid = $2";

    private const string InsertTerms =
        "insert into pgautofailover_private.terms (formationid, groupid, place, leaderid, standby_names) values ($1, $2, $3, $4, $5)";

    private const string EndRestoration = "delete from pgautofailover_private.restored_group where formationid = $1 and groupid = $2";

    private const string InsertEvent =
        """
        insert into pgautofailover.event
               (formationid, nodeid, groupid, nodename, nodehost, nodeport, reportedstate, goalstate, reportedrepstate, reportedtli,
                reportedlsn, candidatepriority, replicationquorum, description)
        values ($1, $2, $3, $4, $5, $6, $7::pgautofailover.replication_state, $8::pgautofailover.replication_state, $9, $10,
                $11::pg_lsn, $12, $13, $14)
        """;

    private const string Notify = "select pg_notify($1, $2)";

    /// <summary>Adds rows first, in order of node id, so that two transactions never wait for each other; then what there is to tell.</summary>
    public static void Add(CommitBatch batch, GroupCommit commit, TimeSpan now)
    {
        var (before, after, announcements) = commit;
        if (before.Formation != after.Formation)
        {
            batch.AddExpectingOneRow(UpdateFormation, [.. Columns(before.Formation), .. Columns(after.Formation)[1..]]);
        }

        foreach (var old in before.Nodes.Where(n => after.Find(n.Id) is null))
        {
            batch.AddExpectingOneRow($"delete from pgautofailover.node {Expected}", Identity(old));
            batch.Add(Confirm, old.Id);
            batch.Add(ForgetClient, old.Id);
            batch.Add(ForgetRegistration, old.Id);
        }

        foreach (var node in after.Nodes)
        {
            AddNode(batch, after, before.Find(node.Id), node, now);
        }

        if (!before.Terms.SequenceEqual(after.Terms))
        {
            batch.Add(DeleteTerms, after.Formation.Id, after.GroupId);
            foreach (var (place, terms) in after.Terms.Index())
            {
                batch.Add(InsertTerms, after.Formation.Id, after.GroupId, place, terms.LeaderId, terms.StandbyNames);
            }
        }

        if (before.IsRestored && !after.IsRestored)
        {
            batch.Add(EndRestoration, after.Formation.Id, after.GroupId);
        }

        foreach (var announcement in announcements)
        {
            AddAnnouncement(batch, after, announcement);
        }
    }

    private static void AddNode(CommitBatch batch, GroupView group, NodeView? old, NodeView node, TimeSpan now)
    {
        if (old is null)
        {
            batch.Add(Insert, [group.Formation.Id, group.GroupId, node.Id, .. NewColumns(node)]);
            batch.Add(MoveSequence, node.Id);
            batch.Add(Confirm, node.Id);
            batch.Add(ForgetClient, node.Id);
            AddRegistration(batch, node);
            return;
        }

        if (GroupRows.SameRow(old, node))
        {
            return;
        }

        batch.AddExpectingOneRow(Update, [.. Identity(old), .. UpdatedColumns(node, now)]);
        if (GroupRows.GoalIsInDoubt(old) != GroupRows.GoalIsInDoubt(node))
        {
            batch.Add(GroupRows.GoalIsInDoubt(node) ? Doubt : Confirm, node.Id);
        }

        if (old.Client != node.Client)
        {
            AddClient(batch, node);
        }

        if (old.RegistrationId != node.RegistrationId)
        {
            AddRegistration(batch, node);
        }
    }

    private static void AddClient(CommitBatch batch, NodeView node)
    {
        batch.Add(ForgetClient, node.Id);
        if (!node.Client.IsNone)
        {
            batch.Add(InsertClient, node.Id, node.Client.Host ?? "", node.Client.Port ?? 0);
        }
    }

    private static void AddRegistration(CommitBatch batch, NodeView node)
    {
        batch.Add(ForgetRegistration, node.Id);
        if (node.RegistrationId.Length > 0)
        {
            batch.Add(InsertRegistration, node.Id, node.RegistrationId);
        }
    }

    private static void AddAnnouncement(CommitBatch batch, GroupView group, Announcement announcement)
    {
        batch.Add(Notify, "log", StatePayload.Log(announcement.Description));
        foreach (var n in announcement.Nodes)
        {
            batch.Add(
                InsertEvent,
                group.Formation.Id, n.Id, group.GroupId, n.Name, n.Host, n.Port, n.Reported.ToWire(), n.Goal.ToWire(), n.RepState, n.Timeline,
                n.Lsn.ToString(), n.CandidatePriority, n.ReplicationQuorum, announcement.Description);
            batch.Add(Notify, "state", StatePayload.Of(group.Formation.Id, group.GroupId, n));
        }
    }

    private static object?[] Identity(NodeView n) =>
    [
        n.Id, n.Goal.ToWire(), n.Reported.ToWire(), n.CandidatePriority, n.ReplicationQuorum, n.Name, n.Host, n.Port,
        n.SystemIdentifier ?? 0L, n.Cluster,
    ];

    private static object?[] NewColumns(NodeView n) =>
    [
        n.Goal.ToWire(), n.Reported.ToWire(), n.CandidatePriority, n.ReplicationQuorum, n.Name, n.Host, n.Port, n.SystemIdentifier, n.Cluster,
    ];

    private static object?[] UpdatedColumns(NodeView n, TimeSpan now) =>
    [
        .. NewColumns(n), n.PgIsRunning, n.RepState, n.Timeline, n.Lsn.ToString(), (int)n.Health, Age(n.ReportedAt, now),
        Age(n.WalReportedAt, now), Age(n.HealthCheckedAt, now), Age(n.StateChangedAt, now),
    ];

    private static object?[] Columns(Formation f) =>
        [f.Id, f.Kind == FormationKind.Citus ? "citus" : "pgsql", f.DbName, f.OptSecondary, f.NumberSyncStandbys];

    private static double Age(TimeSpan instant, TimeSpan now) => (now - instant).TotalSeconds;
}
