using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor get candidate-count</c>: how many nodes of a group could take over from its primary, as far as their priority goes</summary>
internal static class DoMonitorGetCandidateCountCommand
{
    private const string Sql = """
        select count(*) from pgautofailover.get_nodes($1, $2) as n join pgautofailover.node as known on known.nodeid = n.node_id
         where not n.node_is_primary and known.candidatepriority > 0
        """;

    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var json = NewOption.Json();
        var command = new Command("candidate-count") { formation, group, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var formationId = target.Formation(parsed.GetValue(formation));
            var groupId = await FormationGroup.FindAsync(monitor, target, formationId, parsed.GetValue(group), context, cancellationToken);
            var count = await monitor.ScalarAsync<long>(Sql, cancellationToken, formationId, groupId);
            context.Print(parsed.GetValue(json)
                ? PrettyJson.Format(new JsonObject { ["formation"] = formationId, ["groupId"] = groupId, ["failoverCandidateCount"] = count })
                : count.ToString(CultureInfo.InvariantCulture));
            return ExitCode.Ok;
        });
        return command;
    }
}
