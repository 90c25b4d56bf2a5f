using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace PgAutoFailover.Keeper.Hooks;

/// <summary>How a hook ended.</summary>
/// <param name="Succeeded">With exit code 0, in time.</param>
/// <param name="Words">How, and the last that it said, for a log line or an error.</param>
internal sealed record HookEnd(bool Succeeded, string Words);

/// <summary>
/// Runs a hook: as our own user, without a terminal, in a process group of its own (setsid), which is ended as a whole when the time is over. Only a
/// hook that was ended is followed by the end of what it started; one that ends by itself may leave a daemon behind.
/// </summary>
internal sealed partial class HookRun(ILogger log, TimeProvider time)
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>From the request to end to the end without asking.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    /// <summary>What was printed last may be under way when the program has ended.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(500);

    /// <exception cref="OperationCanceledException">It was ended because nobody wants it any more.</exception>
    public async Task<HookEnd> RunAsync(
        string hook, HookCommand command, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var output = new HookOutput(hook, log);
        using var process = new Process { StartInfo = StartInfo(command, environment) };
        var printed = new[] { Hear(h => process.OutputDataReceived += h, isError: false), Hear(h => process.ErrorDataReceived += h, isError: true) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new(false, $"it cannot be started: {exception.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var clock = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            await WaitForExitAsync(process, either.Token);
            await Task.WhenAny(Task.WhenAll(printed), Task.Delay(s_lastWords, time, cancellationToken));
            return new(process.ExitCode == 0, $"it ended with exit code {process.ExitCode}{Quote(output)}");
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            await EndAsync(process);
            cancellationToken.ThrowIfCancellationRequested();
            return new(false, $"it took longer than {limit.TotalSeconds:F0} s and was ended{Quote(output)}");
        }
        finally
        {
            log.HookEnded(hook, time.GetElapsedTime(started).TotalSeconds);
        }

        // Completes at the end of the stream.
        Task Hear(Action<DataReceivedEventHandler> subscribe, bool isError)
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            subscribe((_, e) =>
            {
                if (e.Data is null)
                {
                    end.TrySetResult();
                }

                output.Take(e.Data, isError);
            });
            return end.Task;
        }
    }

    private static string Quote(HookOutput output) => output.LastLine is { } line ? $": {line}" : "";

    private static ProcessStartInfo StartInfo(HookCommand command, IReadOnlyDictionary<string, string> environment)
    {
        // Becomes the program: the process id is that of the hook, and of its group.
        var start = new ProcessStartInfo("setsid", [command.Program, .. command.Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(HookEnvironment.IsWithheld).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>The end of the program alone: WaitForExitAsync would also wait for whoever holds its output open.</summary>
    private static async Task WaitForExitAsync(Process process, CancellationToken cancellationToken)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => exited.TrySetResult();
        if (!process.HasExited)
        {
            await exited.Task.WaitAsync(cancellationToken);
        }
    }

    private async Task EndAsync(Process process)
    {
        _ = Signal(-process.Id, Terminate);
        try
        {
            await WaitForExitAsync(process, CancellationToken.None).WaitAsync(s_grace, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // It does not listen.
        }

        // Also where it does: its children may not.
        _ = Signal(-process.Id, Kill);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int pid, int signal);
}
