using System.CommandLine;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Commands;

/// <summary><c>disable monitor</c>: a running node lets go of its monitor, and PostgreSQL goes on.</summary>
internal static class DisableMonitorCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static Command Create(CommandContext context)
    {
        var pgData = NewOption.PgData();
        var force = NewOption.Flag("--force", "-F", "remove the node from the monitor, or go on without a monitor that does not answer");
        var command = new Command("monitor") { pgData, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var local = LocalNode.Load(parsed.GetValue(pgData), context);
            if (local.Config.IsMonitor)
            {
                throw new CommandFailure(ExitCode.BadConfiguration, $"\"{local.Paths.PgData}\" is a monitor; this command is for a node");
            }

            if (local.Config.MonitorUri is not { } uri)
            {
                throw new CommandFailure(
                    ExitCode.BadConfiguration,
                    $"The monitor of \"{local.Paths.PgData}\" is disabled already",
                    "Where the monitor still lists the node, because an earlier attempt was interrupted: \"pg_autoctl drop node --name NODE --force\" there");
            }

            await using var monitor = await OpenAsync(new MonitorTarget(uri, local), parsed.GetValue(force), context, cancellationToken);
            var node = monitor is null ? null : await FindAsync(monitor, local, parsed.GetValue(force), context, cancellationToken);

            // First it lets go: a keeper that learns that it was removed stops PostgreSQL.
            local.Config.With(ConfigKeys.Monitor, ConfigKeys.MonitorDisabled).Write(local.Paths.ConfigFile);
            await DetachAsync(local, context, cancellationToken);
            if (monitor is not null && node is not null)
            {
                context.Log.RemovingFromMonitor(node.NodeId, node.Name, HostName.WithPort(node.Host, node.Port));
                await monitor.ScalarAsync<bool>("select pgautofailover.remove_node($1, $2)", cancellationToken, node.NodeId, true);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<MonitorConnection?> OpenAsync(MonitorTarget target, bool force, CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await MonitorConnection.OpenAsync(target, context, cancellationToken);
        }
        catch (CommandFailure failure) when (force)
        {
            context.Log.GoingOnWithoutMonitor(failure.Message);
            return null;
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure(failure.ExitCode, failure.Message, "Use --force to disable a monitor that is gone");
        }
    }

    /// <summary>The node's row, which may be removed; null where there is none.</summary>
    private static async Task<NodeRow?> FindAsync(
        MonitorConnection monitor, LocalNode local, bool force, CommandContext context, CancellationToken cancellationToken)
    {
        var nodes = await CurrentState.ReadAsync(monitor, local.Config[ConfigKeys.Formation]!, group: null, cancellationToken);
        if (RegisteredNode.FindByAddress(nodes, local.Config) is not { } node)
        {
            return null;
        }

        context.Log.FoundOnMonitor(node.NodeId, node.Name, HostName.WithPort(node.Host, node.Port));
        if (!force)
        {
            throw new CommandFailure(ExitCode.BadState, $"Node {node.NodeId} \"{node.Name}\" is registered with the monitor", "Use --force to remove it from there");
        }

        // It would go on serving while the monitor, which has lost its primary, promotes another.
        if (node.Goal.CanTakeWrites() && nodes.Find(n => n.GroupId == node.GroupId && n.NodeId != node.NodeId && n.Goal != NodeState.Dropped) is { } other)
        {
            throw new CommandFailure(
                ExitCode.BadState,
                $"Node {node.NodeId} \"{node.Name}\" is the primary of its group, and node {other.NodeId} \"{other.Name}\" could take over while it goes on serving",
                "Disable the monitor on the other nodes first, and on the primary last");
        }

        return node;
    }

    private static async Task DetachAsync(LocalNode local, CommandContext context, CancellationToken cancellationToken)
    {
        if (RunningService.Find(local.Paths) is not { } service)
        {
            return;
        }

        service.Send(Signal.Reload);
        var started = context.Time.GetTimestamp();
        while (!StateFileText.Load(local.Paths.StateFile).IsDetached)
        {
            if (context.Time.GetElapsedTime(started) > s_patience)
            {
                throw new CommandFailure(
                    ExitCode.Internal,
                    $"The service of \"{local.Paths.PgData}\" has not let go of the monitor within {s_patience.TotalSeconds:F0} s",
                    "Its log says why. The node is registered still: drop it on the monitor with \"pg_autoctl drop node --name NODE --force\" once the service has stopped");
            }

            await Task.Delay(s_look, context.Time, cancellationToken);
        }
    }
}
