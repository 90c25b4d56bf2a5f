using System.CommandLine;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Services;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Postgres.Connections;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary><c>do fsm step</c>: one transition that the monitor asks for, without the service. PostgreSQL is left as the new state wants it.</summary>
internal static class DoFsmStepCommand
{
    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var json = NewOption.Flag("--json", "-J", "accepted as in 2.0, and ignored");
        var command = new Command("step") { pgData, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalKeeper.Load(parsed.GetValue(pgData), context);
            var uri = ConnectionUri.Parse(local.Config.MonitorUri ?? throw new CommandFailure(
                ExitCode.BadConfiguration,
                $"The node at \"{local.Paths.PgData}\" is run without a monitor, which could ask for a step",
                "\"pg_autoctl do fsm assign\" tells it what to be"));
            PidFile.Create(local.Paths.PidFile, local.Paths.PgData, [], out _);
            try
            {
                var (from, goal, isReached) = await StepAsync(local, uri, context, cancellationToken);
                if (!isReached)
                {
                    throw new CommandFailure(
                        ExitCode.BadState, $"There is no way from state {from.ToWire()} to state {goal.ToWire()}, which the monitor assigns", "Nothing was changed");
                }

                context.Print($"{from.ToWire()} ➜ {goal.ToWire()}");
                return ExitCode.Ok;
            }
            finally
            {
                PidFile.Remove(local.Paths.PidFile);
            }
        });
        return command;
    }

    private static async Task<(NodeState From, NodeState Goal, bool IsReached)> StepAsync(
        LocalNode local, ConnectionUri uri, CommandContext context, CancellationToken cancellationToken)
    {
        if (StateFileText.Load(local.Paths.StateFile).IsDetached)
        {
            throw new CommandFailure(
                ExitCode.BadState, $"The node at \"{local.Paths.PgData}\" has not been registered with its monitor", "\"pg_autoctl disable monitor\", then \"pg_autoctl enable monitor URI\", register it");
        }

        await using var server = new LocalPostgresServer(PostgresOptionsOf.Node(local, context), context.Loggers.CreateLogger<LocalPostgresServer>(), context.Time);
        await using var monitor = new NpgsqlMonitorClient(uri, context.Time);
        var options = new KeeperOptions
        {
            FormationId = local.Config[ConfigKeys.Formation]!,
            PgData = local.Paths.PgData,
            ProgramVersion = ProgramVersion.Text,
            Settings = KeeperSettingsOf.Config(local.Config),
            MonitorHosts = uri.HostNames,
        };
        return await SingleStep.RunAsync(
            options, server, monitor, new FileKeeperStateStore(local.Paths.StateFile, local.Paths.InitFile), context.Loggers.CreateLogger<NodeActiveService>(), context.Time, cancellationToken);
    }
}
