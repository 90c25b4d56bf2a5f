using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Cli.Monitors;

/// <summary>
/// Waits until a change of replication settings is in force. The monitor assigns <c>apply_settings</c> to the primary in the
/// transaction that changes them, so that after the call a group without that state, assigned or reported, has them applied:
/// the states decide, notifications only tell when to look.
/// </summary>
internal sealed class SettingsApplied : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private readonly MonitorConnection _monitor;
    private readonly CommandContext _context;

    private SettingsApplied(MonitorConnection monitor, CommandContext context)
    {
        _monitor = monitor;
        _context = context;
        _monitor.Notified += OnNotified;
    }

    /// <summary>Called before the change, so that no message of it is missed.</summary>
    public static async Task<SettingsApplied> ListenAsync(MonitorConnection monitor, CommandContext context, CancellationToken cancellationToken)
    {
        await monitor.ScalarAsync<object>("listen state", cancellationToken);
        await monitor.ScalarAsync<object>("listen log", cancellationToken);
        return new SettingsApplied(monitor, context);
    }

    /// <exception cref="CommandFailure">The primary has not applied them in time; they stay in force on the monitor.</exception>
    public async Task WaitAsync(string formation, CancellationToken cancellationToken)
    {
        var started = _context.Time.GetTimestamp();
        var told = false;
        while (!await AreAppliedAsync(formation, cancellationToken))
        {
            if (!told)
            {
                _context.Log.WaitingForSettings();
                told = true;
            }

            if (_context.Time.GetElapsedTime(started) > s_limit)
            {
                throw new CommandFailure(
                    ExitCode.Internal,
                    $"The settings are changed on the monitor, but the primary has not applied them within {s_limit.TotalSeconds:0} s",
                    "Look at \"pg_autoctl show state\": the primary applies them once its keeper runs");
            }

            await _monitor.WaitAsync(s_look, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _monitor.Notified -= OnNotified;
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AreAppliedAsync(string formation, CancellationToken cancellationToken)
    {
        var nodes = await CurrentState.ReadAsync(_monitor, formation, group: null, cancellationToken);
        return !nodes.Any(n => n.Goal == NodeState.ApplySettings || n.Reported == NodeState.ApplySettings);
    }

    private void OnNotified(string channel, string payload)
    {
        if (channel == "log")
        {
            _context.Log.MonitorLog(payload);
        }
    }
}
