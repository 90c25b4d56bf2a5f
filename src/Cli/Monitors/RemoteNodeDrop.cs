using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>Drops a node from where the monitor is: its own keeper does the work, and this waits until it is done.</summary>
internal sealed class RemoteNodeDrop(MonitorConnection monitor, CommandContext context)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <exception cref="CommandFailure">The monitor does not know it.</exception>
    public async Task<long> FindAsync(string formation, string name, CancellationToken cancellationToken) =>
        await monitor.ScalarAsync<long?>(
            "select nodeid from pgautofailover.node where formationid = $1 and nodename = $2", cancellationToken, formation, name)
        ?? throw new CommandFailure(ExitCode.Monitor, $"Formation \"{formation}\" has no node named \"{name}\"");

    /// <exception cref="CommandFailure">The monitor does not know it.</exception>
    public async Task<long> FindAsync(string host, int port, CancellationToken cancellationToken) =>
        await monitor.ScalarAsync<long?>(
            "select nodeid from pgautofailover.node where nodehost = $1 and nodeport = $2", cancellationToken, host, port)
        ?? throw new CommandFailure(ExitCode.Monitor, $"The monitor has no node at {HostName.WithPort(host, port)}");

    /// <param name="wait">Zero: not at all.</param>
    /// <exception cref="CommandFailure">The monitor refuses, or the node is not gone in time.</exception>
    public async Task RunAsync(long nodeId, bool force, TimeSpan wait, CancellationToken cancellationToken)
    {
        await monitor.ScalarAsync<object>("listen state", cancellationToken);
        context.Log.RemovingNode(nodeId);
        await monitor.ScalarAsync<bool>("select pgautofailover.remove_node($1, $2)", cancellationToken, nodeId, force);
        if (wait == TimeSpan.Zero)
        {
            return;
        }

        var started = context.Time.GetTimestamp();
        while (await IsKnownAsync(nodeId, cancellationToken))
        {
            if (context.Time.GetElapsedTime(started) > wait)
            {
                throw new CommandFailure(
                    ExitCode.Internal,
                    $"Node {nodeId} is assigned to be dropped, but has not reported that it is within {wait.TotalSeconds:0} s",
                    "If its host is gone for good, use --force");
            }

            await monitor.WaitAsync(s_look, cancellationToken);
        }

        context.Log.NodeDropped(nodeId);
    }

    private Task<bool> IsKnownAsync(long nodeId, CancellationToken cancellationToken) =>
        monitor.ScalarAsync<bool>("select exists (select from pgautofailover.node where nodeid = $1)", cancellationToken, nodeId);
}
