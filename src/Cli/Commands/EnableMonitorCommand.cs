using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Backups;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>enable monitor URI</c>: registers a running node, whose monitor was disabled, with a monitor.</summary>
internal static class EnableMonitorCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var allowFailover = NewOption.AllowFailover("accepted as in 2.0; registering a node causes no failover");
        var uri = new Argument<string>("uri") { Description = "connection string of the monitor, as \"pg_autoctl show uri\" prints it there" };
        var command = new Command("monitor") { pgData, allowFailover, uri };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var address = MonitorUri.Check(parsed.GetValue(uri)!); // required
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            Refuse(local);
            var created = await RegisterAsync(local, address, context, cancellationToken);
            context.Log.RegisteredToMonitor(created.NodeId);

            var target = new MonitorTarget(address, local);
            var connection = await MonitorConnection.OpenAsync(target, context, cancellationToken);
            await using var follower = await StateFollower.StartAsync(
                target, local.Config[ConfigKeys.Formation]!, created.GroupId, connection, context, cancellationToken);
            local.Config
                .With(ConfigKeys.Monitor, address)
                .With(ConfigKeys.Name, created.Name)
                .With(ConfigKeys.Group, created.GroupId)
                .With(ConfigKeys.BackupDirectory, local.Config[ConfigKeys.BackupDirectory] ?? BackupPlace.DefaultFor(local.Paths.PgData, created.NodeId))
                .Write(local.Paths.ConfigFile);
            RunningService.Find(local.Paths)?.Send(Signal.Reload);
            if (await follower.FollowAsync(change => change.NodeId == created.NodeId && IsTakenIn(change), s_patience, cancellationToken) is null)
            {
                var last = follower.States[created.NodeId];
                throw new CommandFailure(
                    ExitCode.Internal,
                    $"Node \"{created.Name}\" is registered, and was not taken in within {s_patience.TotalSeconds:F0} s: it reports {last.Reported.ToWire()} and is assigned {last.Goal.ToWire()}",
                    "Look whether \"pg_autoctl run\" runs on the primary; the keeper goes on with it, follow it with \"pg_autoctl show state\"");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static bool IsTakenIn(StateNotification change) =>
        change.ConvergedTo(NodeState.Single) || change.ConvergedTo(NodeState.CatchingUp) || change.ConvergedTo(NodeState.Secondary);

    /// <summary>A stopped standby would be mistaken for a primary, and nobody would take the registration up.</summary>
    private static void Refuse(LocalNode local)
    {
        if (local.Config.IsMonitor)
        {
            throw new CommandFailure(ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is a monitor; this command is for a node");
        }

        if (local.Config.MonitorUri is not null)
        {
            throw new CommandFailure(
                ExitCode.BadConfiguration, $"The node at \"{local.Paths.PgData}\" has a monitor", "\"pg_autoctl disable monitor\" comes first");
        }

        // The keeper writes what it has reached, and the registration what the node is from now on: one after the other.
        if (StateFileText.Load(local.Paths.StateFile) is { IsDetached: true } state && state.AssignedRole != state.CurrentRole)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"The node at \"{local.Paths.PgData}\" is on its way from {state.CurrentRole.ToWire()} to {state.AssignedRole.ToWire()}",
                $"Wait for its end, or call it off with \"pg_autoctl do fsm assign {state.CurrentRole.ToWire()}\"");
        }

        if (RunningService.Find(local.Paths) is null)
        {
            throw new CommandFailure(
                ExitCode.PostgresControl, $"The node at \"{local.Paths.PgData}\" does not run", "Start it with \"pg_autoctl run\", and try again when PostgreSQL accepts sessions");
        }

        if (LocalPostgres.Read(local.Paths.PgData) is not { IsReady: true })
        {
            throw new CommandFailure(
                ExitCode.PostgresControl,
                $"PostgreSQL does not accept sessions in \"{local.Paths.PgData}\": a node is registered as what it is",
                "Its service is starting it, or waits to be told what the node is to be: \"pg_autoctl do fsm assign\"");
        }
    }

    private static async Task<CreatedNode> RegisterAsync(LocalNode local, string uri, CommandContext context, CancellationToken cancellationToken)
    {
        await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
        await using var monitor = new NpgsqlMonitorClient(ConnectionUri.Parse(uri), context.Time);
        return await new KeeperCreation(
            CreateNodeOptions.Again(local.Config),
            server,
            monitor,
            new FileKeeperStateStore(local.Paths.StateFile, local.Paths.InitFile),
            context.Loggers.CreateLogger<KeeperCreation>(),
            context.Time).RunAsync(cancellationToken);
    }
}
