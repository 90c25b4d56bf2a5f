using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor get coordinator</c></summary>
internal static class DoMonitorGetCoordinatorCommand
{
    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var json = NewOption.Json();
        var command = new Command("coordinator") { formation, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var name = target.Formation(parsed.GetValue(formation));
            await FormationGroup.RequireFormationAsync(monitor, name, cancellationToken);
            if (await monitor.ScalarAsync<string>("select kind from pgautofailover.formation where formationid = $1", cancellationToken, name) is not "citus")
            {
                throw CommandFailure.BadArguments($"Formation \"{name}\" is not of kind citus: it has no coordinator", "\"pg_autoctl do monitor get primary\" shows its primary");
            }

            var found = await monitor.QueryAsync(
                "select node_host, node_port from pgautofailover.get_coordinator($1)", r => (Host: r.GetString(0), Port: r.GetInt32(1)), cancellationToken, name);
            if (found is not [var (host, port)])
            {
                throw new CommandFailure(ExitCode.Monitor, $"Formation \"{name}\" has no coordinator that takes writes now", "\"pg_autoctl show state\" shows its nodes");
            }

            context.Print(parsed.GetValue(json)
                ? PrettyJson.Format(new JsonObject { ["formation"] = name, ["groupId"] = 0, ["host"] = host, ["port"] = port })
                : string.Create(CultureInfo.InvariantCulture, $"{name} {HostName.WithPort(host, port)}"));
            return ExitCode.Ok;
        });
        return command;
    }
}
