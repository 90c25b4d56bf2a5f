using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Monitors;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>
/// Waits for something of a session's cluster, which may not even have a monitor yet. Once there is one, its notifications tell of every
/// change at once.
/// </summary>
internal sealed class SessionWait(SessionPlace place, CommandContext context)
{
    private const string Formation = "default";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private readonly long _started = context.Time.GetTimestamp();
    private string _lastSeen = "there is no monitor";

    private bool IsOver => context.Time.GetElapsedTime(_started) >= s_patience;

    /// <param name="what">What is waited for, for messages.</param>
    /// <param name="isThere">Whether it has come, by the nodes that the monitor knows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandFailure">It did not come in time.</exception>
    public async Task UntilAsync(string what, Func<IReadOnlyList<NodeRow>, bool> isThere, CancellationToken cancellationToken)
    {
        context.Log.WaitingForSession(what);
        var paths = place.Paths(SessionPlan.MonitorName, context);
        while (!IsOver)
        {
            if (File.Exists(paths.ConfigFile) && await WatchAsync(paths, isThere, cancellationToken))
            {
                return;
            }

            await Task.Delay(s_look, context.Time, cancellationToken);
        }

        throw new CommandFailure(
            ExitCode.Internal, $"This did not come within {s_patience.TotalSeconds:0} s: {what}; {_lastSeen}", "Look at the panes of the monitor and of the nodes");
    }

    /// <summary>All nodes of a formation are there, one of them takes writes, and the others follow it.</summary>
    public static bool IsSettled(IReadOnlyList<NodeRow> rows, int nodes) =>
        rows.Count >= nodes
        && rows.All(r => r.Reported == r.Goal)
        && rows.Count(r => r.Reported == (rows.Count == 1 ? NodeState.Single : NodeState.Primary)) == 1
        && rows.Count(r => r.Reported == NodeState.Secondary) == rows.Count - 1;

    // False where the monitor is not there yet, or goes away meanwhile: then all of it begins anew.
    private async Task<bool> WatchAsync(ConfigPaths paths, Func<IReadOnlyList<NodeRow>, bool> isThere, CancellationToken cancellationToken)
    {
        try
        {
            var local = new LocalNode(paths, NodeConfig.Read(paths.ConfigFile));
            await using var monitor = await MonitorConnection.OpenAsync(new MonitorTarget(MonitorUri.Of(local.Config), local), context, cancellationToken);
            await monitor.ScalarAsync<object>("listen state", cancellationToken);
            while (!IsOver)
            {
                var rows = await CurrentState.ReadAsync(monitor, Formation, null, cancellationToken);
                if (isThere(rows))
                {
                    return true;
                }

                _lastSeen = rows.Count == 0 ? "the monitor knows no node" : string.Join(", ", rows.Select(r => $"{r.Name} is {r.Reported.ToWire()}, and is to be {r.Goal.ToWire()}"));
                await monitor.WaitAsync(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
        catch (CommandFailure failure)
        {
            _lastSeen = failure.Message;
        }

        return false;
    }
}
