using System.Collections.Immutable;
using System.Data;
using Npgsql;
using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Store;

/// <summary>Reads formations and nodes in one snapshot. Ages are PostgreSQL's, so that no clock but its own is compared with its own.</summary>
internal static class RowReader
{
    private const string Formations =
        """
        select formationid, kind, dbname::text, opt_secondary, number_sync_standbys
          from pgautofailover.formation where $1::text is null or formationid = $1 order by formationid
        """;

    private const string Nodes =
        """
        select formationid, groupid, nodeid, nodename, nodehost, nodeport, coalesce(sysidentifier, 0), goalstate::text, reportedstate::text,
               coalesce(reportedpgisrunning, true), coalesce(reportedrepstate, 'unknown'), reportedtli, reportedlsn::text, health,
               candidatepriority, replicationquorum, nodecluster,
               extract(epoch from clock_timestamp() - reporttime)::float8, extract(epoch from clock_timestamp() - walreporttime)::float8,
               extract(epoch from clock_timestamp() - healthchecktime)::float8, extract(epoch from clock_timestamp() - statechangetime)::float8,
               not exists (select from pgautofailover_private.unconfirmed_goal u where u.nodeid = n.nodeid), clienthost, clientport,
               coalesce(registrationid, '')
          from pgautofailover.node n left join pgautofailover.client_address using (nodeid)
               left join pgautofailover_private.registration using (nodeid)
         where $1::text is null or (formationid = $1 and groupid = $2) order by formationid, groupid, nodeid
        """;

    private const string Terms =
        """
        select formationid, groupid, leaderid, standby_names
          from pgautofailover_private.terms where $1::text is null or (formationid = $1 and groupid = $2) order by formationid, groupid, place
        """;

    private const string Restored =
        "select formationid, groupid from pgautofailover_private.restored_group where $1::text is null or (formationid = $1 and groupid = $2)";

    public static async Task<ImmutableArray<GroupView>> ReadAsync(
        NpgsqlConnection connection, (string FormationId, int GroupId)? only, TimeSpan now, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { new(Formations), new(Nodes), new(Terms), new(Restored) } };
        batch.BatchCommands[0].Parameters.Add(Text(only?.FormationId));
        foreach (var command in new[] { batch.BatchCommands[1], batch.BatchCommands[2], batch.BatchCommands[3] })
        {
            command.Parameters.Add(Text(only?.FormationId));
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = only?.GroupId ?? 0 });
        }

        var formations = new List<Formation>();
        var nodes = new List<(string FormationId, int GroupId, NodeView Node)>();
        var terms = new List<(string FormationId, int GroupId, AckTerms Terms)>();
        var restored = new HashSet<(string FormationId, int GroupId)>();
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                formations.Add(ReadFormation(reader));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                nodes.Add((reader.GetString(0), reader.GetInt32(1), ReadNode(reader, now)));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                terms.Add((reader.GetString(0), reader.GetInt32(1), new AckTerms(reader.GetInt64(2), reader.GetString(3))));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                restored.Add((reader.GetString(0), reader.GetInt32(1)));
            }
        }

        await transaction.CommitAsync(cancellationToken);
        var termsOf = terms.ToLookup(t => (t.FormationId, t.GroupId), t => t.Terms);
        return
        [
            .. formations.SelectMany(f => GroupsOf(f, nodes, only?.GroupId ?? 0)).Select(g => g with
            {
                Terms = [.. termsOf[(g.Formation.Id, g.GroupId)]],
                IsRestored = restored.Contains((g.Formation.Id, g.GroupId)),
            }),
        ];
    }

    private static IEnumerable<GroupView> GroupsOf(Formation formation, List<(string FormationId, int GroupId, NodeView Node)> nodes, int always) =>
        nodes.Where(n => n.FormationId == formation.Id)
            .GroupBy(n => n.GroupId, n => n.Node)
            .Select(g => new GroupView(formation, g.Key, [.. g]))
            .UnionBy([new GroupView(formation, always, [])], g => g.GroupId);

    private static Formation ReadFormation(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1) == "citus" ? FormationKind.Citus : FormationKind.Pgsql,
        row.GetString(2),
        row.GetBoolean(3),
        row.GetInt32(4));

    private static NodeView ReadNode(NpgsqlDataReader row, TimeSpan now) => new()
    {
        Id = row.GetInt64(2),
        Name = row.GetString(3),
        Host = row.GetString(4),
        Port = row.GetInt32(5),
        SystemIdentifier = row.GetInt64(6) is var id and not 0 ? id : null,
        Goal = State(row.GetString(7)),
        Reported = State(row.GetString(8)),
        PgIsRunning = row.GetBoolean(9),
        RepState = row.GetString(10),
        Timeline = row.GetInt32(11),
        Lsn = Lsn.Parse(row.GetString(12)),
        Health = (Health)row.GetInt32(13),
        CandidatePriority = row.GetInt32(14),
        ReplicationQuorum = row.GetBoolean(15),
        Cluster = row.GetString(16),
        ReportedAt = Instant(row.GetDouble(17), now),
        WalReportedAt = Instant(row.GetDouble(18), now),
        HealthCheckedAt = Instant(row.GetDouble(19), now),
        StateChangedAt = Instant(row.GetDouble(20), now),
        GoalConfirmed = row.GetBoolean(21),
        Client = new(row.IsDBNull(22) ? null : row.GetString(22), row.IsDBNull(23) ? null : row.GetInt32(23)),
        RegistrationId = row.GetString(24),
    };

    private static NodeState State(string name) => NodeStates.TryParse(name, out var state)
        ? state
        : throw new InvalidDataException($"the schema has a node state that this program does not know: \"{name}\"");

    // A time in the future means that the wall clock was set back meanwhile; it cannot be younger than now.
    private static TimeSpan Instant(double ageSeconds, TimeSpan now) => now - TimeSpan.FromSeconds(Math.Max(0, ageSeconds));

    private static NpgsqlParameter Text(string? value) => value is null
        ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }
        : new NpgsqlParameter<string> { TypedValue = value };
}
