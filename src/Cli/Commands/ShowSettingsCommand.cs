using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>show settings</c>, also called <c>get formation settings</c></summary>
internal static class ShowSettingsCommand
{
    private const string Rows = """
        select context, nodename, setting, value
          from pgautofailover.formation_settings($1)
         order by array_position(array['formation', 'primary', 'node'], context), setting, group_id, node_id
        """;

    private const string Json = """
        with s as (select row_to_json(f) as row, context from pgautofailover.formation_settings($1) f)
        select jsonb_pretty(jsonb_build_object(
            'formation', coalesce((select jsonb_agg(row) from s where context = 'formation'), '[]'),
            'primary', coalesce((select jsonb_agg(row) from s where context = 'primary'), '[]'),
            'nodes', coalesce((select jsonb_agg(row) from s where context = 'node'), '[]')))
        """;

    public static Command Create(CommandContext context)
    {
        var formation = NewOption.Formation();
        var json = NewOption.Json();
        var command = new Command("settings") { formation, json };
        var monitorOptions = new MonitorOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = monitorOptions.Resolve(parsed, context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            var name = target.Formation(parsed.GetValue(formation));
            await FormationGroup.RequireFormationAsync(monitor, name, cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Print(await monitor.ScalarAsync<string>(Json, cancellationToken, name));
            }
            else
            {
                SettingsTable.Write(context.Out, await monitor.QueryAsync(
                    Rows,
                    row => new[] { row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? "" : row.GetString(3) },
                    cancellationToken,
                    name));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
