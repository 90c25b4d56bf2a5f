using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Tmux;

/// <summary>The services that run for the data directories of a session: those whose configuration lies in it, and nobody else's.</summary>
internal sealed class SessionProcesses(SessionPlace place, CommandContext context)
{
    // Then they are ended less gently, and get as much again.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // What does not run is said once, however often it is looked at.
    private bool _looksAgain;

    /// <summary>Stops all of them, the monitor last, so that nodes can tell it how they end. None is no error.</summary>
    /// <exception cref="CommandFailure">One does not stop, or a configuration cannot be read.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var (monitors, nodes) = (Configured().Where(n => n.Config.IsMonitor).ToList(), Configured().Where(n => !n.Config.IsMonitor).ToList());
        await Task.WhenAll(nodes.Select(n => StopAsync(n, cancellationToken)));
        await Task.WhenAll(monitors.Select(n => StopAsync(n, cancellationToken)));
        _looksAgain = true;
    }

    private List<LocalNode> Configured()
    {
        var configurations = Path.GetDirectoryName(place.Paths(SessionPlan.MonitorName, context).ConfigDirectory)!; // is below the root
        return !Directory.Exists(configurations)
            ? []
            : [.. Directory.EnumerateDirectories(configurations)
                .Select(d => place.Paths(Path.GetFileName(d), context))
                .Where(p => File.Exists(p.ConfigFile))
                .Select(p => new LocalNode(p, NodeConfig.Read(p.ConfigFile)))];
    }

    private async Task StopAsync(LocalNode node, CancellationToken cancellationToken)
    {
        var removal = new NodeRemoval(node, context);
        if (RunningService.Find(node.Paths) is { } service)
        {
            context.Log.StoppingSessionNode(node.Paths.PgData, service.Pid);
            service.Send(Signal.Stop);
            await removal.StopServiceAsync(s_patience, cancellationToken);
        }
        else if (!_looksAgain)
        {
            context.Log.SessionNodeIsOff(node.Paths.PgData);
        }

        await removal.StopPostgresAsync(cancellationToken);
    }
}
