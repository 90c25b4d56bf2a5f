using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Output;

/// <summary>A node as its own files show it, without asking anybody.</summary>
internal static class LocalState
{
    private const int UnknownHealth = -1;

    /// <exception cref="CommandFailure">It is a monitor, or it has no state.</exception>
    public static void Write(LocalNode local, bool json, CommandContext context)
    {
        if (local.Config.IsMonitor)
        {
            throw new CommandFailure(ExitCode.Monitor, "A monitor has no local state");
        }

        var state = StateFileText.Load(local.Paths.StateFile);
        var control = ControlFileData.Read(local.Config[ConfigKeys.PgCtl], local.Paths.PgData);
        var row = new NodeRow(
            local.Config[ConfigKeys.NodeKind] == "standalone" ? "pgsql" : "citus",
            local.Config[ConfigKeys.Name] ?? "",
            local.Config[ConfigKeys.HostName]!,
            local.Config.Number(ConfigKeys.Port),
            state.GroupId,
            state.NodeId,
            state.CurrentRole,
            state.AssignedRole,
            control?.Timeline ?? 0,
            control?.LastLsn ?? "0/0",
            UnknownHealth);
        if (json)
        {
            context.Print(PrettyJson.Format(Json(row)));
        }
        else
        {
            StateTable.Write(context.Out, [row]);
        }
    }

    private static JsonObject Json(NodeRow row) => new()
    {
        ["node_id"] = row.NodeId,
        ["group_id"] = row.GroupId,
        ["nodename"] = row.Name,
        ["nodehost"] = row.Host,
        ["nodeport"] = row.Port,
        ["current_group_state"] = row.Reported.ToWire(),
        ["assigned_group_state"] = row.Goal.ToWire(),
        ["timeline"] = row.Timeline,
        ["Minimum Recovery Ending LSN"] = row.Lsn,
        ["reachable"] = "unknown",
        ["conntype"] = row.ConnectionType,
    };
}
