using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>enable maintenance</c> and <c>disable maintenance</c></summary>
internal static class MaintenanceCommand
{
    private const int WaitSeconds = 60;

    public static Command CreateEnable(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var allowFailover = NewOption.AllowFailover("the primary may go into maintenance, which makes a standby the primary");
        var command = new Command("maintenance") { pgData, allowFailover };
        var skipHooks = new SkipHooksOption(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var node = await RegisteredNode.ConnectAsync(parsed.GetValue(pgData), context, cancellationToken);
            if (node.Row is { Reported: NodeState.Maintenance, Goal: NodeState.Maintenance })
            {
                context.Log.AlreadyInMaintenance(node.Row.Name);
                return ExitCode.Ok;
            }

            if (node.Row.Reported == NodeState.Primary && !parsed.GetValue(allowFailover))
            {
                throw CommandFailure.BadArguments(
                    $"Node \"{node.Row.Name}\" is the primary: its maintenance causes a failover",
                    "Use --allow-failover if that is wanted");
            }

            await skipHooks.ApplyAsync(parsed, node.Monitor, cancellationToken);
            await node.CallAndFollowAsync("select pgautofailover.start_maintenance($1)", WaitSeconds, "maintenance", IsInMaintenance, RequireStandby, cancellationToken);
            return ExitCode.Ok;

            // It may be elected while the monitor refuses: what was asked for was the maintenance of a standby.
            void RequireStandby(NodeRow now)
            {
                if (!parsed.GetValue(allowFailover) && (now.Goal.CanTakeWrites() || now.Reported.CanTakeWrites()))
                {
                    throw CommandFailure.BadArguments(
                        $"Node \"{now.Name}\" has become the primary meanwhile: its maintenance causes a failover", "Use --allow-failover if that is wanted");
                }
            }
        });
        return command;
    }

    public static Command CreateDisable(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var command = new Command("maintenance") { pgData };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var node = await RegisteredNode.ConnectAsync(parsed.GetValue(pgData), context, cancellationToken);
            await node.CallAndFollowAsync(
                "select pgautofailover.stop_maintenance($1)", WaitSeconds, "secondary or primary", IsServing, _ => { }, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static bool IsInMaintenance(StateNotification change) => change.Reported == NodeState.Maintenance;

    private static bool IsServing(StateNotification change) =>
        change.ConvergedTo(NodeState.Secondary) || change.ConvergedTo(NodeState.Primary) || change.ConvergedTo(NodeState.Single);
}
