using System.Diagnostics;

namespace PgAutoFailover.Harness.Processes;

/// <summary>What a command that ran to its end left behind.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error, TimeSpan Duration)
{
    /// <summary>This result if the command succeeded; an exception with everything it said if not.</summary>
    public CommandResult Succeeded() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{CommandLine}\nended with exit code {ExitCode}\n{Output}\n{Error}");
}

/// <summary>Runs a command to its end.</summary>
internal static class Command
{
    /// <summary>As GNU timeout reports it: the command was still running when its time was over.</summary>
    internal const int TimedOut = 124;

    internal static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? directory,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        TimeSpan started = Clock.Now;
        using var process = new Process { StartInfo = StartInfo(arguments, environment, directory) };
        process.StartInfo.RedirectStandardOutput = true;
        process.StartInfo.RedirectStandardError = true;
        process.StartInfo.RedirectStandardInput = true;
        process.Start();
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        string line = string.Join(' ', arguments);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(line, process.ExitCode, await output, await error, Clock.Now - started);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult(line, TimedOut, "", $"still running after {timeout.TotalSeconds:0} s", Clock.Now - started);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    internal static ProcessStartInfo StartInfo(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, string? directory)
    {
        var info = new ProcessStartInfo(arguments[0], arguments.Skip(1)) { WorkingDirectory = directory ?? "" };
        if (environment is not null)
        {
            info.Environment.Clear();
            foreach ((string name, string value) in environment)
            {
                info.Environment[name] = value;
            }
        }

        return info;
    }
}
