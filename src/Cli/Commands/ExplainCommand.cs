using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Explain;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>explain</c></summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var ifLost = NewOption.Text("--if-lost", null, "name of a node: say what would happen if it were lost now; default: each of them in turn");
        var json = NewOption.Json();
        var command = new Command("explain") { formation, group, ifLost, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var name = target.Formation(parsed.GetValue(formation));
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await FormationGroup.RequireFormationAsync(monitor, name, cancellationToken);
            var number = await FormationGroup.FindAsync(monitor, target, name, parsed.GetValue(group), context, cancellationToken);
            await RequireNodeAsync(monitor, name, number, parsed.GetValue(ifLost), cancellationToken);
            var explanation = JsonNode.Parse(await monitor.ScalarAsync<string>(
                "select pgautofailover.explain($1, $2, $3)::text", cancellationToken, name, number, parsed.GetValue(ifLost)) ?? "{}")!; // not the JSON null
            var story = FailoverStory.Last(await LastEvents.ReadAsync(monitor, name, number, FailoverStory.EventsToRead, cancellationToken));
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(ExplanationJson.With(explanation, story)));
            }
            else
            {
                await context.Out.WriteAsync(ExplanationText.Of(explanation, story));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task RequireNodeAsync(MonitorConnection monitor, string formation, int group, string? node, CancellationToken cancellationToken)
    {
        var nodes = await CurrentState.ReadAsync(monitor, formation, group, cancellationToken);
        if (nodes.Count == 0)
        {
            throw new CommandFailure(ExitCode.BadState, $"Group {group} of formation \"{formation}\" has no node");
        }

        if (node is not null && !nodes.Exists(n => n.Name == node))
        {
            throw CommandFailure.BadArguments(
                $"Group {group} of formation \"{formation}\" has no node named \"{node}\"", $"It has {string.Join(", ", nodes.Select(n => n.Name))}");
        }
    }
}
