using Npgsql;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>The last events of a formation or of a group, as <c>pgautofailover.last_events</c> lists them: the oldest first.</summary>
internal static class LastEvents
{
    public const int DefaultCount = 10;

    private const string Columns = """
        select eventtime::text, groupid, nodeid, reportedstate::text, goalstate::text, coalesce(description, ''), eventid, eventtime
          from
        """;

    public static Task<List<EventRow>> ReadAsync(
        MonitorConnection monitor, string formation, int? group, int count, CancellationToken cancellationToken)
    {
        var (source, arguments) = Source(formation, group, count);
        return monitor.QueryAsync($"{Columns} {source}", Read, cancellationToken, arguments);
    }

    public static Task<string?> ReadJsonAsync(
        MonitorConnection monitor, string formation, int? group, int count, CancellationToken cancellationToken)
    {
        var (source, arguments) = Source(formation, group, count);
        return monitor.ScalarAsync<string>(
            $"select jsonb_pretty(coalesce(jsonb_agg(row_to_json(e)), '[]')) from {source} e", cancellationToken, arguments);
    }

    private static (string Source, object[] Arguments) Source(string formation, int? group, int count) => group is { } number
        ? ("pgautofailover.last_events($1, $2, count => $3)", [formation, number, count])
        : ("pgautofailover.last_events($1, count => $2)", [formation, count]);

    private static EventRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5))
        {
            Id = row.GetInt64(6),
            At = new DateTimeOffset(row.GetDateTime(7)),
        };
}
