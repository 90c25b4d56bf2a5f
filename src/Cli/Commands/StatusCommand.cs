using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>status</c></summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var command = new Command("status") { pgData, json };
        command.SetAction(parsed =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            if (RunningService.Find(local.Paths) is not { } service)
            {
                context.Log.NotRunning(local.Paths.PgData);
                return ExitCode.BadState;
            }

            context.Log.Running(service.Pid);
            var postgres = LocalPostgres.Read(local.Config.PgData);
            if (postgres is not { IsReady: true })
            {
                context.Log.PostgresNotReady(local.Paths.PgData, postgres?.Status ?? "no postmaster");
                return ExitCode.PostgresControl;
            }

            context.Log.PostgresServes(local.Paths.PgData, postgres.Port, postgres.Pid);
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(new JsonObject
                {
                    ["postgres"] = PostgresJson.Of(local.Config, postgres),
                    ["pg_autoctl"] = ServiceJson(service.Content),
                }));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static JsonObject ServiceJson(PidFileContent content) => new()
    {
        ["pid"] = content.Pid,
        ["status"] = "running",
        ["pgdata"] = content.PgData,
        ["version"] = content.Version,
        ["semId"] = 0,
        ["services"] = new JsonArray([.. content.Services.Select(s => (JsonNode)new JsonObject
        {
            ["name"] = s.Name,
            ["pid"] = s.Pid,
            ["status"] = "running",
            ["version"] = content.Version,
            ["pgautofailover"] = content.ExtensionVersion,
        })]),
    };
}
