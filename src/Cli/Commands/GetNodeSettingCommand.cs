using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>get node replication-quorum</c> and <c>get node candidate-priority</c></summary>
internal static class GetNodeSettingCommand
{
    public static Command CreateReplicationQuorum(CommandContext context) => Create(context, "replication-quorum", "replication_quorum::text");

    public static Command CreateCandidatePriority(CommandContext context) => Create(context, "candidate-priority", "candidate_priority::text");

    private static Command Create(CommandContext context, string setting, string column)
    {
        var formation = NewOption.Formation();
        var name = NewOption.Name();
        var json = NewOption.Json();
        var command = new Command(setting) { formation, name, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var formationName = target.Formation(parsed.GetValue(formation));
            var nodeName = target.NodeName(parsed.GetValue(name));
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var value = await monitor.ScalarAsync<string>(
                $"select {column} from pgautofailover.current_state($1) where nodename = $2", cancellationToken, formationName, nodeName)
                ?? throw new CommandFailure(ExitCode.Monitor, $"Formation \"{formationName}\" has no node named \"{nodeName}\"");
            context.Print(parsed.GetValue(json)
                ? PrettyJson.Format(new JsonObject { ["name"] = nodeName, [setting] = JsonNode.Parse(value) })
                : value);
            return ExitCode.Ok;
        });
        return command;
    }
}
