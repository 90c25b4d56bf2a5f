using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor get primary</c></summary>
internal static class DoMonitorGetPrimaryCommand
{
    private const string Sql = "select primary_node_id, primary_name, primary_host, primary_port from pgautofailover.get_primary($1, $2)";

    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var json = NewOption.Json();
        var command = new Command("primary") { formation, group, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var formationId = target.Formation(parsed.GetValue(formation));
            var groupId = await FormationGroup.FindAsync(monitor, target, formationId, parsed.GetValue(group), context, cancellationToken);
            var (id, name, host, port) = (await monitor.QueryAsync(
                Sql, r => (r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt32(3)), cancellationToken, formationId, groupId)).Single();
            context.Print(parsed.GetValue(json)
                ? PrettyJson.Format(new JsonObject
                {
                    ["formation"] = formationId,
                    ["groupId"] = groupId,
                    ["nodeId"] = id,
                    ["name"] = name,
                    ["host"] = host,
                    ["port"] = port,
                })
                : string.Create(CultureInfo.InvariantCulture, $"{formationId}/{groupId} {HostName.WithPort(host, port)}"));
            return ExitCode.Ok;
        });
        return command;
    }
}
