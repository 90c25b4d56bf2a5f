using System.Globalization;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Systemd;

/// <summary>
/// What the service manager is told while the service lives: when it serves, in a line how it is, when it reads its configuration again, when it
/// stops, and that it has not got stuck. Without a manager nobody is told anything.
/// </summary>
internal sealed class SystemdNotices : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_extension = TimeSpan.FromSeconds(30);

    private readonly NotifySocket? _socket;
    private readonly TimeSpan? _watchdog;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Phase _phase;

    /// <param name="socket">Null where nobody is to be told.</param>
    /// <param name="watchdog">The manager kills a service of which it has not heard for so long; null where it does not.</param>
    public SystemdNotices(NotifySocket? socket, TimeSpan? watchdog, TimeProvider time) => (_socket, _watchdog, _time) = (socket, watchdog, time);

    private enum Phase
    {
        Starting,
        Serving,
        Stopping,
    }

    /// <summary>The manager that started this process, and takes its variables out of the environment: a PostgreSQL that inherited them would speak to it, too.</summary>
    public static SystemdNotices FromEnvironment(CommandContext context)
    {
        var socket = NotifySocket.Open(context.Variable("NOTIFY_SOCKET"), context.Log);
        var isMeant = context.Variable("WATCHDOG_PID") is not { } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var watchdog = isMeant && long.TryParse(context.Variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : (TimeSpan?)null;
        foreach (var name in (string[])["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        return new SystemdNotices(socket, watchdog, context.Time);
    }

    /// <summary>Tells of the service until cancelled.</summary>
    /// <param name="status">How the service is, in a line; null until it serves for the first time.</param>
    /// <param name="movesAsync">Whether what matters has moved within a span.</param>
    public async Task RunAsync(Func<string?> status, Func<TimeSpan, CancellationToken, Task<bool>> movesAsync, CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            return;
        }

        // Four beats in the time after which it would be killed; what has not moved for half of it gets none.
        var beat = _watchdog / 4;
        string? told = null;
        long? lastBeat = null;
        try
        {
            using var timer = new PeriodicTimer(beat < s_look ? beat.Value : s_look, _time);
            do
            {
                if (status() is { } line && line != told)
                {
                    TellStatus(told = line);
                }

                var isDue = lastBeat is not { } last || _time.GetElapsedTime(last) >= beat;
                if (told is not null && _watchdog is { } watchdog && isDue && await movesAsync(watchdog / 2, cancellationToken))
                {
                    lastBeat = _time.GetTimestamp();
                    _socket.Send("WATCHDOG=1");
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service has ended.
        }
    }

    // The timestamps of a TimeProvider that is the system's are those of CLOCK_MONOTONIC.
    public void TellReloading() => TellWhileServing(
        $"RELOADING=1\nMONOTONIC_USEC={(long)(_time.GetTimestamp() * (1e6 / _time.TimestampFrequency))}");

    public void TellReloaded() => TellWhileServing("READY=1");

    public void TellStopping()
    {
        lock (_lock)
        {
            if (_phase != Phase.Stopping)
            {
                _phase = Phase.Stopping;
                _socket?.Send("STOPPING=1\nSTATUS=stopping");
            }
        }
    }

    /// <summary>Has the manager wait for the end of a stop that takes longer than it would.</summary>
    public async Task HaveItWaitAsync(Task stop)
    {
        while (_socket is not null && !stop.IsCompleted)
        {
            _socket.Send($"EXTEND_TIMEOUT_USEC={(long)s_extension.TotalMicroseconds}");
            using var pause = new CancellationTokenSource();
            await Task.WhenAny(stop, Task.Delay(s_extension / 3, _time, pause.Token));
            await pause.CancelAsync();
        }

        await stop;
    }

    public void Dispose() => _socket?.Dispose();

    // A service that has just begun to serve says so with its first status.
    private void TellStatus(string status)
    {
        lock (_lock)
        {
            if (_phase != Phase.Stopping)
            {
                _socket?.Send(_phase == Phase.Starting ? $"READY=1\nSTATUS={status}" : $"STATUS={status}");
                _phase = Phase.Serving;
            }
        }
    }

    // Reading a configuration again while it starts, or stops, must not make it look ready.
    private void TellWhileServing(string message)
    {
        lock (_lock)
        {
            if (_phase == Phase.Serving)
            {
                _socket?.Send(message);
            }
        }
    }
}
