using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Watch;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>watch</c></summary>
internal static class WatchCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var json = NewOption.Json();
        json.Description = "accepted, and ignored: a dashboard has no JSON";
        var command = new Command("watch") { formation, group, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            Dashboard.IgnoreJson(parsed.GetValue(json), context);
            return await Dashboard.RunAsync(
                target, target.Formation(parsed.GetValue(formation)), parsed.GetValue(group), Dashboard.MostEvents, context, cancellationToken);
        });
        return command;
    }
}
