using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>set node replication-quorum</c> and <c>set node candidate-priority</c></summary>
internal static class SetNodeSettingCommand
{
    public static Command CreateReplicationQuorum(CommandContext context)
    {
        var value = new Argument<bool>("true|false")
        {
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!BooleanText.TryParse(text, out var flag))
                {
                    result.AddError($"Value \"{text}\" of replication-quorum is not valid: expected true or false");
                }

                return flag;
            },
        };
        value.CompletionSources.Clear(); // the library's own are True and False
        value.CompletionSources.Add("true", "false");
        return Create(
            context, "replication-quorum", value, "select pgautofailover.set_node_replication_quorum($1, $2, $3)",
            parsed => (parsed.GetRequiredValue(value), parsed.GetRequiredValue(value) ? "true" : "false"));
    }

    public static Command CreateCandidatePriority(CommandContext context)
    {
        var value = new Argument<int>("priority")
        {
            CustomParser = result => NewOption.ParseNumber(result, "candidate-priority", 0, 100) ?? 0,
        };
        return Create(
            context, "candidate-priority", value, "select pgautofailover.set_node_candidate_priority($1, $2, $3)",
            parsed => (parsed.GetRequiredValue(value), parsed.GetRequiredValue(value).ToString(CultureInfo.InvariantCulture)));
    }

    private static Command Create(CommandContext context, string setting, Argument argument, string sql, Func<ParseResult, (object Value, string Text)> read)
    {
        var formation = NewOption.Formation();
        var name = NewOption.Name();
        var json = NewOption.Json();
        var command = new Command(setting) { formation, name, json };
        command.Arguments.Add(argument);
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var formationName = target.Formation(parsed.GetValue(formation));
            var nodeName = target.NodeName(parsed.GetValue(name));
            var (value, text) = read(parsed);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await using var applied = await SettingsApplied.ListenAsync(monitor, context, cancellationToken);
            await monitor.ScalarAsync<bool>(sql, cancellationToken, formationName, nodeName, value);
            await applied.WaitAsync(formationName, cancellationToken);
            context.Print(parsed.GetValue(json) ? PrettyJson.Format(new JsonObject { [setting] = JsonNode.Parse(text) }) : text);
            return ExitCode.Ok;
        });
        return command;
    }
}
