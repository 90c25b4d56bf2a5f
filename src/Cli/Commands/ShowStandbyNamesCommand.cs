using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show standby-names</c></summary>
internal static class ShowStandbyNamesCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var json = NewOption.Json();
        var command = new Command("standby-names") { formation, group, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var name = target.Formation(parsed.GetValue(formation));
            var number = await FormationGroup.FindAsync(monitor, target, name, parsed.GetValue(group), context, cancellationToken);
            var value = await monitor.ScalarAsync<string>("select pgautofailover.synchronous_standby_names($1, $2)", cancellationToken, name, number);
            context.Print(parsed.GetValue(json)
                ? PrettyJson.Format(new JsonObject { ["formation"] = name, ["group"] = number, ["synchronous_standby_names"] = value })
                : $"'{value}'");
            return ExitCode.Ok;
        });
        return command;
    }
}
