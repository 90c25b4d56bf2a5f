using System.Globalization;
using System.Runtime.InteropServices;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;

namespace PgAutoFailover.Cli.Files;

/// <summary>Signals that a running <c>pg_autoctl</c> understands, with their numbers on Linux.</summary>
internal enum ServiceSignal
{
    Reload = 1,
    StopFast = 2,
    StopImmediate = 3,
    Stop = 15,
}

/// <summary>The <c>pg_autoctl run</c> of a data directory, as its pidfile tells.</summary>
internal sealed partial class RunningService(PidFileContent content)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public PidFileContent Content { get; } = content;

    public int Pid => Content.Pid;

    public bool IsAlive => Directory.Exists($"/proc/{Pid.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Null where none runs.</summary>
    public static RunningService? Find(ConfigPaths paths) => PidFile.ReadLive(paths.PidFile) is { } content ? new RunningService(content) : null;

    /// <exception cref="CommandFailure">It belongs to somebody else.</exception>
    public void Send(ServiceSignal signal)
    {
        const int noSuchProcess = 3;
        if (Kill(Pid, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != noSuchProcess)
        {
            throw new CommandFailure(
                ExitCode.Internal, $"Failed to signal pg_autoctl with pid {Pid}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>Waits for its end; false when it goes on for longer than <paramref name="limit"/>.</summary>
    public async Task<bool> WaitForEndAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (IsAlive)
        {
            if (time.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
