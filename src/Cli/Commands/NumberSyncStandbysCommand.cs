using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>get formation number-sync-standbys</c> and <c>set formation number-sync-standbys</c></summary>
internal static class NumberSyncStandbysCommand
{
    private const string Setting = "number-sync-standbys";

    public static Command CreateGet(CommandContext context)
    {
        var formation = NewOption.Formation();
        var json = NewOption.Json();
        var command = new Command(Setting) { formation, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var name = target.Formation(parsed.GetValue(formation));
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var value = await monitor.ScalarAsync<int?>(
                "select number_sync_standbys from pgautofailover.formation where formationid = $1", cancellationToken, name)
                ?? throw new CommandFailure(ExitCode.Monitor, $"Formation \"{name}\" does not exist");
            Write(context, value, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateSet(CommandContext context)
    {
        var number = new Argument<int>("number")
        {
            CustomParser = result => NewOption.ParseNumber(result, Setting, 0, int.MaxValue) ?? 0,
        };
        var formation = NewOption.Formation();
        var json = NewOption.Json();
        var command = new Command(Setting) { formation, json, number };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var name = target.Formation(parsed.GetValue(formation));
            var value = parsed.GetRequiredValue(number);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await using var applied = await SettingsApplied.ListenAsync(monitor, context, cancellationToken);
            await monitor.ScalarAsync<bool>("select pgautofailover.set_formation_number_sync_standbys($1, $2)", cancellationToken, name, value);
            await applied.WaitAsync(name, cancellationToken);
            Write(context, value, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(CommandContext context, int value, bool json) => context.Print(
        json ? PrettyJson.Format(new JsonObject { [Setting] = value }) : value.ToString(CultureInfo.InvariantCulture));
}
