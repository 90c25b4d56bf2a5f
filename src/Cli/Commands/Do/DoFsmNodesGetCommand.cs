using System.CommandLine;
using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm nodes get</c></summary>
internal static class DoFsmNodesGetCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Json();
        var command = new Command("get") { pgData, json };
        command.SetAction(parsed =>
        {
            var nodes = UnmonitoredKeeper.ReadNodes(UnmonitoredKeeper.Load(parsed.GetValue(pgData), context));
            if (parsed.GetValue(json))
            {
                context.Print(PrettyJson.Format(new JsonArray([.. nodes.Select(n => (JsonNode)new JsonObject
                {
                    ["node_id"] = n.NodeId,
                    ["node_name"] = n.Name,
                    ["node_host"] = n.Host,
                    ["node_port"] = n.Port,
                    ["node_lsn"] = n.Lsn.ToString(),
                    ["node_is_primary"] = n.IsPrimary,
                })])));
            }
            else
            {
                OtherNodesTable.Write(context.Out, nodes.Select(OtherNode.Of));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
