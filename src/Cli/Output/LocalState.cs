using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Output;

/// <summary>A node as its own files and its PostgreSQL show it, without asking anybody else.</summary>
internal static class LocalState
{
    private const int UnknownHealth = -1;

    /// <exception cref="CommandFailure">It is a monitor, or it has no state.</exception>
    public static async Task WriteAsync(LocalNode local, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (local.Config.IsMonitor)
        {
            throw new CommandFailure(ExitCode.Monitor, "A monitor has no local state");
        }

        var state = StateFileText.Load(local.Paths.StateFile);
        var (timeline, lsn) = await PositionAsync(local, context, cancellationToken);
        var row = new NodeRow(
            local.Config[ConfigKeys.NodeKind] == "standalone" ? "pgsql" : "citus",
            local.Config[ConfigKeys.Name] ?? "",
            local.Config[ConfigKeys.HostName]!,
            local.Config.Number(ConfigKeys.Port),
            state.GroupId,
            state.NodeId,
            state.CurrentRole,
            state.AssignedRole,
            timeline,
            lsn,
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

    /// <summary>Where it is now; where it does not run, or does not answer, what its control file knows.</summary>
    private static async Task<(int Timeline, string Lsn)> PositionAsync(LocalNode local, CommandContext context, CancellationToken cancellationToken)
    {
        if (LocalPostgres.Read(local.Paths.PgData) is { IsReady: true })
        {
            await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            if (await server.ObserveAsync(cancellationToken) is { IsReady: true } now)
            {
                return (now.Timeline, now.Lsn.ToString());
            }
        }

        var control = ControlFileData.Read(local.Config[ConfigKeys.PgCtl], local.Paths.PgData);
        return (control?.Timeline ?? 0, control?.LastLsn ?? "0/0");
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
