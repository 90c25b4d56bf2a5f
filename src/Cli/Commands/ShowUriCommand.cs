using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show uri</c></summary>
internal static class ShowUriCommand
{
    private const string All = """
        select 'monitor' as type, 'monitor' as name, $1 as uri
        union all
        (select 'formation', formationid, coalesce(pgautofailover.formation_uri(formationid, 'default', $2, $3, $4), '')
           from pgautofailover.formation
          order by formationid)
        """;

    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Text("--formation", "-f", "show the URI of this formation only; \"monitor\" for the monitor's");
        var cluster = NewOption.Text("--citus-cluster", "-Z", "name of a Citus read-replica cluster");
        var json = NewOption.Json();
        var command = new Command("uri") { formation, cluster, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            var name = parsed.GetValue(formation);
            if (name == "monitor")
            {
                WriteOne(context, target.Uri, name, target.Uri, parsed.GetValue(json));
                return ExitCode.Ok;
            }

            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            if (name is not null)
            {
                var uri = await FormationUri.ReadAsync(monitor, target, name, parsed.GetValue(cluster) ?? FormationUri.DefaultCluster, cancellationToken);
                WriteOne(context, target.Uri, name, uri, parsed.GetValue(json));
                return ExitCode.Ok;
            }

            var ssl = UriSslParameters.Of(target);
            object[] arguments = [target.Uri, ssl.Mode, ssl.RootCertificate, ssl.RevocationList];
            if (parsed.GetValue(json))
            {
                var sql = $"select jsonb_pretty(jsonb_agg(row_to_json(u))) from ({All}) u";
                context.Print(await monitor.ScalarAsync<string>(sql, cancellationToken, arguments));
            }
            else
            {
                UriTable.Write(context.Out, await monitor.QueryAsync(
                    All, row => new[] { row.GetString(0), row.GetString(1), row.GetString(2) }, cancellationToken, arguments));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteOne(CommandContext context, string monitor, string name, string uri, bool json) =>
        context.Print(json ? PrettyJson.Format(new JsonObject { ["monitor"] = monitor, [name] = uri }) : uri);
}
