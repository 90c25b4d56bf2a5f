using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Programs;

/// <summary>
/// Runs a program to its end. Arguments are a list, never a shell's line; secrets go through the environment, which other users
/// cannot read as they can a command line. Cancellation ends the program.
/// </summary>
internal sealed class ProgramRunner(ILogger logger)
{
    // What is kept for an error message; everything is logged as it comes.
    private const int LinesKept = 200;

    /// <summary>Runs a program that must succeed; what it prints is logged at <paramref name="level"/>.</summary>
    /// <exception cref="PostgresException">It failed; the message carries its last lines.</exception>
    public async Task<string> RunAsync(ProgramCall call, LogLevel level, CancellationToken cancellationToken)
    {
        var result = await TryRunAsync(call, level, cancellationToken);
        return result.ExitCode == 0
            ? result.Output
            : throw new PostgresException(
                $"{Path.GetFileName(call.Program)} failed with exit code {result.ExitCode}: {result.LastWords}",
                $"The command was: {call}");
    }

    /// <summary>Runs a program and returns how it ended.</summary>
    public async Task<ProgramResult> TryRunAsync(ProgramCall call, LogLevel level, CancellationToken cancellationToken)
    {
        Log.RunningProgram(logger, call.ToString());
        using var process = Start(call);
        process.StandardInput.Close();
        var name = Path.GetFileName(call.Program);
        var output = ReadAsync(process.StandardOutput, name, level);
        var errors = ReadAsync(process.StandardError, name, level);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, string.Join('\n', await output), string.Join('\n', await errors));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAll(output, errors);
            throw;
        }
    }

    private static Process Start(ProgramCall call)
    {
        InheritedChildren.Remember();
        var start = new ProcessStartInfo(call.Program, call.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        if (!call.KeepsLocale)
        {
            start.Environment["LC_ALL"] = "C";
        }

        foreach (var (name, value) in call.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new PostgresException($"could not start {call.Program}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PostgresException($"could not run \"{call.Program}\": {e.Message}", "Check postgresql.pg_ctl in the configuration.", e);
        }
    }

    private async Task<List<string>> ReadAsync(StreamReader reader, string name, LogLevel level)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            // A progress line is overwritten on a terminal: the last of its versions is what counts.
            var shown = line[(line.LastIndexOf('\r') + 1)..].TrimEnd();
            if (shown.Length == 0)
            {
                continue;
            }

            // Most programs begin a line with their names.
            var prefix = $"{name}: ";
            Log.ProgramOutput(logger, level, name, shown.StartsWith(prefix, StringComparison.Ordinal) ? shown[prefix.Length..] : shown);
            if (lines.Count == LinesKept)
            {
                lines.RemoveAt(0);
            }

            lines.Add(shown);
        }

        return lines;
    }
}
