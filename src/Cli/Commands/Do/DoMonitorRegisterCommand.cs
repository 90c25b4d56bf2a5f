using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do monitor register</c>: the registration alone of a node that is configured; "pg_autoctl run" then makes it what it was assigned.</summary>
internal static class DoMonitorRegisterCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("register") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalKeeper.Load(parsed.GetValue(pgData), context);
            var uri = local.Config.MonitorUri ?? throw new CommandFailure(
                ExitCode.BadConfiguration, $"The node at \"{local.Paths.PgData}\" is run without a monitor", "\"pg_autoctl enable monitor URI\" registers it with one");
            PidFile.RefuseIfRunning(local.Paths.PidFile, local.Paths.PgData);
            var store = new FileKeeperStateStore(local.Paths.StateFile, local.Paths.InitFile);
            if (store.Load() is { CurrentRole: not NodeState.Dropped } state)
            {
                throw new CommandFailure(
                    ExitCode.BadState,
                    $"The node at \"{local.Paths.PgData}\" is registered already, as node {state.NodeId} in state {state.CurrentRole.ToWire()}",
                    "Start it with \"pg_autoctl run\"; to register it anew, \"pg_autoctl drop node\" comes first");
            }

            await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
            await using var monitor = new NpgsqlMonitorClient(ConnectionUri.Parse(uri), context.Time);
            var created = await new KeeperCreation(
                CreateNodeOptions.Registration(local.Config), server, monitor, store, context.Loggers.CreateLogger<KeeperCreation>(), context.Time).RunAsync(cancellationToken);
            RegisteredConfig.Of(local, created).Write(local.Paths.ConfigFile);
            context.Log.RegisteredToMonitor(created.NodeId);
            context.Print(AssignmentText.Of(local.Config, created.NodeId, created.GroupId, StateFileText.Load(local.Paths.StateFile).AssignedRole));
            return ExitCode.Ok;
        });
        return command;
    }
}
