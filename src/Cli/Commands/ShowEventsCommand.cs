using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show events</c></summary>
internal static class ShowEventsCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var count = NewOption.Number("--count", "-n", "how many events; default: 10", 1, int.MaxValue);
        var json = NewOption.Json();
        var command = new Command("events") { formation, group, count, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var name = target.Formation(parsed.GetValue(formation));
            await FormationGroup.RequireFormationAsync(monitor, name, cancellationToken);
            var last = parsed.GetValue(count) ?? 10;
            var (source, arguments) = parsed.GetValue(group) is { } number
                ? ("pgautofailover.last_events($1, $2, count => $3)", new object[] { name, number, last })
                : ("pgautofailover.last_events($1, count => $2)", [name, last]);
            if (parsed.GetValue(json))
            {
                var sql = $"select jsonb_pretty(coalesce(jsonb_agg(row_to_json(e)), '[]')) from {source} e";
                context.Print(await monitor.ScalarAsync<string>(sql, cancellationToken, arguments));
            }
            else
            {
                EventTable.Write(context.Out, await ReadAsync(monitor, source, arguments, cancellationToken));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static Task<List<EventRow>> ReadAsync(
        MonitorConnection monitor, string source, object[] arguments, CancellationToken cancellationToken) =>
        monitor.QueryAsync(
            $"select eventtime::text, groupid, nodeid, reportedstate::text, goalstate::text, coalesce(description, '') from {source}",
            row => new EventRow(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetString(5)),
            cancellationToken,
            arguments);
}
