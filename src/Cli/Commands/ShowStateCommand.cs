using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Watch;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show state</c></summary>
internal static class ShowStateCommand
{
    private const string Json = "select jsonb_pretty(coalesce(jsonb_agg(row_to_json(s)), '[]')) from pgautofailover.current_state";

    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var local = NewOption.Flag("--local", "-L", "show what the local files and PostgreSQL say, without asking the monitor");
        var watch = NewOption.Watch();
        var json = NewOption.Json();
        var command = new Command("state") { formation, group, local, watch, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(local) && parsed.GetValue(watch))
            {
                throw CommandFailure.BadArguments("Options --local and --watch exclude each other: the dashboard shows what the monitor says");
            }

            if (!parsed.GetValue(watch) && (parsed.GetValue(local) || monitorOptions.FindUnmonitored(parsed, context) is not null))
            {
                await LocalState.WriteAsync(monitorOptions.LoadLocal(parsed, context), parsed.GetValue(json), context, cancellationToken);
                return ExitCode.Ok;
            }

            var target = monitorOptions.Resolve(parsed, context);
            var name = target.Formation(parsed.GetValue(formation));
            if (parsed.GetValue(watch))
            {
                Dashboard.IgnoreJson(parsed.GetValue(json), context);
                return await Dashboard.RunAsync(target, name, parsed.GetValue(group), Dashboard.MostEvents, context, cancellationToken);
            }

            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await FormationGroup.RequireFormationAsync(monitor, name, cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Print(await ReadJsonAsync(monitor, name, parsed.GetValue(group), cancellationToken));
            }
            else
            {
                var nodes = await CurrentState.ReadAsync(monitor, name, parsed.GetValue(group), cancellationToken);
                StateTable.Write(context.Out, nodes);
                await TellWhatBlocksAsync(monitor, name, nodes, context, cancellationToken);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What groups wait for that cannot serve. The table is there without the monitor's service, this is not.</summary>
    private static async Task TellWhatBlocksAsync(
        MonitorConnection monitor, string formation, List<NodeRow> nodes, CommandContext context, CancellationToken cancellationToken)
    {
        foreach (var group in nodes.GroupBy(n => n.GroupId).Where(g => !g.All(IsWell)))
        {
            try
            {
                // With one node that is imagined to be lost, since all of them would take the longest.
                if (await monitor.ScalarAsync<string>(
                    "select pgautofailover.explain($1, $2, $3) ->> 'blocked'", cancellationToken, formation, group.Key, group.First().Name) is { } blocked)
                {
                    context.Log.GroupIsBlocked(blocked);
                }
            }
            catch (CommandFailure)
            {
                return;
            }
        }
    }

    private static bool IsWell(NodeRow node) => node.Health > 0 && node.Reported == node.Goal && node.Goal is NodeState.Single or NodeState.Primary or NodeState.Secondary;

    private static Task<string?> ReadJsonAsync(MonitorConnection monitor, string formation, int? group, CancellationToken cancellationToken) =>
        group is { } number
            ? monitor.ScalarAsync<string>($"{Json}($1, $2) s", cancellationToken, formation, number)
            : monitor.ScalarAsync<string>($"{Json}($1) s", cancellationToken, formation);
}
