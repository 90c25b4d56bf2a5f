using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor get others</c></summary>
internal static class DoMonitorGetOthersCommand
{
    private const string Rows = "select node_name, node_id, node_host, node_port, node_lsn::text, node_is_primary from pgautofailover.get_other_nodes($1)";
    private const string Json = "select jsonb_pretty(coalesce(jsonb_agg(to_jsonb(n)), '[]')) from pgautofailover.get_other_nodes($1) as n";

    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var command = new Command("others") { pgData, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (target, state) = RegisteredKeeper.Load(parsed.GetValue(pgData), context);
            await using var monitor = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Print(await monitor.ScalarAsync<string>(Json, cancellationToken, state.NodeId));
            }
            else
            {
                OtherNodesTable.Write(context.Out, await monitor.QueryAsync(
                    Rows,
                    r => new OtherNode(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt32(3), r.GetString(4), r.GetBoolean(5)),
                    cancellationToken,
                    state.NodeId));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
