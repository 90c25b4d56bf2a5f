using System.Globalization;
using System.Runtime.InteropServices;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Files;

/// <summary>Signals, with their numbers on Linux. To a running <c>pg_autoctl</c> and to a postmaster they mean much the same.</summary>
internal enum Signal
{
    Reload = 1,
    StopFast = 2,
    StopImmediate = 3,
    Kill = 9,
    Stop = 15,
}

/// <summary>Signals to processes that are no children of ours, and the wait for their end.</summary>
internal static partial class Signals
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>A process that is gone already is no error.</summary>
    /// <exception cref="CommandFailure">It belongs to somebody else.</exception>
    public static void Send(int pid, Signal signal)
    {
        const int noSuchProcess = 3;
        if (Kill(pid, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != noSuchProcess)
        {
            throw new CommandFailure(ExitCode.Internal, $"Failed to signal the process with pid {pid}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>Waits for its end; false when it goes on for longer than <paramref name="limit"/>.</summary>
    public static async Task<bool> WaitForEndAsync(int pid, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (IsAlive(pid))
        {
            if (time.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }

        return true;
    }

    /// <summary>A zombie has ended; whoever is its parent may take a while to notice.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[stat.LastIndexOf(')')..] is [_, _, var state, ..] && state is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
