using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// Drops the node at hand. The keeper that runs for it does the work: stops PostgreSQL, reports it, ends. Where none runs, its
/// part is played here.
/// </summary>
internal sealed class LocalNodeDrop(LocalNode local, CommandContext context)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly NodeRemoval _removal = new(local, context);

    /// <exception cref="CommandFailure">The monitor refuses, something does not stop, or the monitor still knows the node.</exception>
    public async Task RunAsync(bool force, bool destroy, CancellationToken cancellationToken)
    {
        if (local.Config.MonitorUri is { } uri)
        {
            await using var monitor = await OpenAsync(uri, destroy, cancellationToken);
            await RemoveAsync(monitor, force, cancellationToken);
        }
        else if (!destroy)
        {
            throw CommandFailure.BadArguments("This node is run without a monitor: there is nothing to drop it from", "--destroy removes its files");
        }

        if (destroy)
        {
            await _removal.StopServiceAsync(byItself: TimeSpan.Zero, cancellationToken);
            await _removal.StopPostgresAsync(cancellationToken);
            _removal.Destroy();
        }
        else
        {
            context.Log.FilesKept(local.Paths.PgData, local.Paths.ConfigFile);
        }
    }

    // --force is about what the monitor is asked for, and is no leave to go without asking: one that comes back would wait for a node that is gone.
    private async Task<MonitorConnection> OpenAsync(string uri, bool destroy, CancellationToken cancellationToken)
    {
        try
        {
            return await MonitorConnection.OpenAsync(new MonitorTarget(uri, local), context, cancellationToken);
        }
        catch (CommandFailure failure)
        {
            var cause = failure.Hint is { } hint ? $"{hint}. " : "";
            var then = destroy ? ", and then \"pg_autoctl drop node --destroy\" again, remove this node without it" : " has this node let go of it";
            throw new CommandFailure(
                failure.ExitCode, failure.Message, $"{cause}Where the monitor is gone for good, \"pg_autoctl disable monitor --force\"{then}", failure);
        }
    }

    private async Task RemoveAsync(MonitorConnection monitor, bool force, CancellationToken cancellationToken)
    {
        var formation = local.Config[ConfigKeys.Formation]!;
        if (await FindAsync(monitor, formation, cancellationToken) is not { } node)
        {
            context.Log.NodeUnknown(formation);
            await _removal.StopServiceAsync(force ? TimeSpan.Zero : s_patience, cancellationToken);
            return;
        }

        if (force || node.Goal != NodeState.Dropped)
        {
            await monitor.ScalarAsync<bool>("select pgautofailover.remove_node($1, $2)", cancellationToken, node.NodeId, force);
        }

        // A service that ran a moment ago may have seen to all of it meanwhile, and ended.
        if (RunningService.Find(local.Paths) is null && !force && await FindAsync(monitor, formation, cancellationToken) is not null)
        {
            await _removal.StopPostgresAsync(cancellationToken);
            await ReportDroppedAsync(monitor, formation, node, cancellationToken);
        }

        await _removal.StopServiceAsync(force ? TimeSpan.Zero : s_patience, cancellationToken);
        if (await FindAsync(monitor, formation, cancellationToken) is not null)
        {
            throw new CommandFailure(
                ExitCode.Monitor, $"The monitor still knows node {node.NodeId} \"{node.Name}\"", "Try again, or use --force");
        }

        context.Log.NodeDropped(node.NodeId);
    }

    private async Task<NodeRow?> FindAsync(MonitorConnection monitor, string formation, CancellationToken cancellationToken) =>
        RegisteredNode.FindByAddress(await CurrentState.ReadAsync(monitor, formation, group: null, cancellationToken), local.Config);

    private static Task<string?> ReportDroppedAsync(
        MonitorConnection monitor, string formation, NodeRow node, CancellationToken cancellationToken) =>
        monitor.ScalarAsync<string>(
            "select assigned_group_state::text from pgautofailover.node_active($1, $2, $3, 'dropped', current_pg_is_running => false)",
            cancellationToken,
            formation,
            node.NodeId,
            node.GroupId);
}
