using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>config check</c></summary>
internal static class ConfigCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var command = new Command("check") { pgData, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            local.Config.WarnOfRisks(context.Log);
            var postgres = LocalPostgres.Read(local.Config.PgData) is { IsReady: true } ready
                ? ready
                : throw new CommandFailure(
                    ExitCode.PostgresControl, $"Postgres does not run at \"{local.Paths.PgData}\"", "Start it with \"pg_autoctl run\"");
            context.Log.PostgresIsOk(local.Paths.PgData, postgres.Pid, postgres.Port);
            await ConnectionCheck.RunAsync(local, postgres, context, cancellationToken);
            if (local.Config.MonitorUri is { } uri)
            {
                await using var monitor = await MonitorConnection.OpenAsync(new MonitorTarget(uri, local), context, cancellationToken);
                context.Log.MonitorIsOk(uri);
            }

            Write(local.Config, postgres, parsed.GetValue(json), context);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(NodeConfig config, LocalPostgres postgres, bool json, CommandContext context)
    {
        var control = ControlFileData.Read(config[ConfigKeys.PgCtl], config.PgData);
        if (json)
        {
            context.Print(PrettyJson.Format(new JsonObject
            {
                ["postgres"] = PostgresJson.Of(config, postgres, control),
                ["config"] = ConfigJson.Of(DiscoveredConfig.Complete(config)),
            }));
        }
        else
        {
            PostgresText.Write(config, postgres, control, context);
        }
    }
}
