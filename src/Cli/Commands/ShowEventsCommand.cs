using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Watch;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show events</c></summary>
internal static class ShowEventsCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var group = NewOption.Group();
        var count = NewOption.Number("--count", "-n", "how many events; default: 10", 1, int.MaxValue);
        var watch = NewOption.Watch();
        var json = NewOption.Json();
        var command = new Command("events") { formation, group, count, watch, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var name = target.Formation(parsed.GetValue(formation));
            if (parsed.GetValue(watch))
            {
                Dashboard.IgnoreJson(parsed.GetValue(json), context);
                return await Dashboard.RunAsync(
                    target, name, parsed.GetValue(group), parsed.GetValue(count) ?? Dashboard.MostEvents, context, cancellationToken);
            }

            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await FormationGroup.RequireFormationAsync(monitor, name, cancellationToken);
            var last = parsed.GetValue(count) ?? LastEvents.DefaultCount;
            if (parsed.GetValue(json))
            {
                context.Print(await LastEvents.ReadJsonAsync(monitor, name, parsed.GetValue(group), last, cancellationToken));
            }
            else
            {
                EventTable.Write(context.Out, await LastEvents.ReadAsync(monitor, name, parsed.GetValue(group), last, cancellationToken));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
