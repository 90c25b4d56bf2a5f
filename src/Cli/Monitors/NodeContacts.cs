namespace PgAutoFailover.Cli.Monitors;

/// <summary>For how long the monitor has not heard of a node, by the monitor's own clock: those of other hosts may differ.</summary>
/// <param name="SinceCheck">Null before the first check.</param>
internal sealed record NodeContact(long NodeId, TimeSpan SinceReport, TimeSpan? SinceCheck);

/// <summary>Reads them for the nodes of a formation.</summary>
internal static class NodeContacts
{
    // now() is the beginning of the transaction, which may be before the last report that it sees.
    private const string Sql = """
        select nodeid,
               extract(epoch from clock_timestamp() - reporttime)::float8,
               case when health >= 0 then extract(epoch from clock_timestamp() - healthchecktime)::float8 end
          from pgautofailover.node
         where formationid = $1
        """;

    public static async Task<IReadOnlyDictionary<long, NodeContact>> ReadAsync(
        MonitorConnection monitor, string formation, CancellationToken cancellationToken)
    {
        var contacts = await monitor.QueryAsync(
            Sql,
            row => new NodeContact(
                row.GetInt64(0),
                TimeSpan.FromSeconds(row.GetDouble(1)),
                row.IsDBNull(2) ? null : TimeSpan.FromSeconds(row.GetDouble(2))),
            cancellationToken,
            formation);
        return contacts.ToDictionary(c => c.NodeId);
    }
}
