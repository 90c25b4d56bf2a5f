using Npgsql;
using PgAutoFailover.Core.Groups;

namespace PgAutoFailover.Monitor.Store;

/// <summary>
/// The lazy part of heartbeats: one statement for all nodes that were heard of since the last. A row that a commit is writing at that
/// moment is left for the next second, so that this never waits for anybody and nobody deadlocks with it.
/// </summary>
internal static class ReportFlush
{
    public const string Sql =
        """
        with reports as (
            select * from unnest($1, $2, $3, $4, $5, $6, $7) as r(nodeid, repstate, report_age, tli, lsn, wal_age, check_age)
        ), free as (
            select nodeid from pgautofailover.node where nodeid = any ($1) order by nodeid for update skip locked
        )
        update pgautofailover.node n
           set reportedrepstate = r.repstate, reporttime = clock_timestamp() - make_interval(secs => r.report_age),
               reportedtli = r.tli, reportedlsn = r.lsn::pg_lsn,
               walreporttime = clock_timestamp() - make_interval(secs => r.wal_age),
               healthchecktime = clock_timestamp() - make_interval(secs => r.check_age)
          from reports r join free f using (nodeid)
         where n.nodeid = r.nodeid
        """;

    public static void AddParameters(NpgsqlParameterCollection parameters, IReadOnlyCollection<NodeView> nodes, TimeSpan now)
    {
        Add(parameters, nodes, n => n.Id);
        Add(parameters, nodes, n => n.RepState);
        Add(parameters, nodes, n => (now - n.ReportedAt).TotalSeconds);
        Add(parameters, nodes, n => n.Timeline);
        Add(parameters, nodes, n => n.Lsn.ToString());
        Add(parameters, nodes, n => (now - n.WalReportedAt).TotalSeconds);
        Add(parameters, nodes, n => (now - n.HealthCheckedAt).TotalSeconds);
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, IReadOnlyCollection<NodeView> nodes, Func<NodeView, T> column) =>
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. nodes.Select(column)] });
}
