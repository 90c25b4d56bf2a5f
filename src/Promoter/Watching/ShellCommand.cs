using System.Diagnostics;
using System.Text;
using PgAutoFailover.Promoter.Worker;

namespace PgAutoFailover.Promoter.Watching;

/// <summary>How a command of the operator's ended.</summary>
internal sealed record CommandEnd(bool Succeeded, string Text, TimeSpan Duration);

/// <summary>
/// Runs what an operator wrote into a setting, as <c>archive_command</c> is run: by a shell, in the server's environment. It is told of the primary
/// in PG_PROMOTER_HOST and PG_PROMOTER_PORT, and of no password.
/// </summary>
internal sealed class ShellCommand(TimeProvider time)
{
    private const int MostOutput = 600;

    public async Task<CommandEnd> RunAsync(string command, string host, int port, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var process = new Process { StartInfo = StartInfo(command, host, port) };
        using var clock = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new CommandEnd(false, $"it was killed, as it took longer than {limit.TotalSeconds:0.#} s{Said(output)}", time.GetElapsedTime(started));
        }

        return new CommandEnd(process.ExitCode == 0, $"it ended with exit code {process.ExitCode}{Said(output)}", time.GetElapsedTime(started));
    }

    private static ProcessStartInfo StartInfo(string command, string host, int port) => new("/bin/sh", ["-c", command])
    {
        UseShellExecute = false,

        // All three are pipes of ours: the worker's must not be held open by what a command leaves running.
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["PG_PROMOTER_HOST"] = host, ["PG_PROMOTER_PORT"] = port.ToString() },
    };

    private static void Keep(StringBuilder output, string? line)
    {
        lock (output)
        {
            if (line is not null && output.Length < MostOutput)
            {
                output.Append(output.Length == 0 ? "" : " / ").Append(line);
            }
        }
    }

    private static string Said(StringBuilder output)
    {
        lock (output)
        {
            return output.Length == 0 ? "" : $", and said: {Fields.Plain(output.ToString(), MostOutput)}";
        }
    }
}
