using System.Diagnostics;
using PgAutoFailover.Cli.CommandLine;

namespace PgAutoFailover.Cli.Programs;

/// <summary>A program that is run for what it does or says: tmux, docker, another version of this one.</summary>
/// <param name="Path">Where it is.</param>
internal sealed record OtherProgram(string Path)
{
    /// <summary>Null where there is none.</summary>
    public static OtherProgram? Find(string name, CommandContext context) => (context.Variable("PATH") ?? "").Split(':')
        .Where(d => d.Length > 0)
        .Select(d => System.IO.Path.Join(d, name))
        .Where(IsExecutable)
        .Select(p => new OtherProgram(p))
        .FirstOrDefault();

    /// <exception cref="CommandFailure">There is none.</exception>
    public static OtherProgram Require(string name, CommandContext context) => Find(name, context)
        ?? throw new CommandFailure(ExitCode.Internal, $"Failed to find the program {name} in PATH", $"Install {name}, or add its directory to PATH");

    /// <summary>Runs it to its end, without a terminal. Cancellation ends it.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be run: gone meanwhile, not executable, being written.</exception>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!; // never null without the shell
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs it to its end, and it must succeed.</summary>
    /// <exception cref="CommandFailure">It failed; the message has what it said.</exception>
    public async Task<string> SucceedAsync(IReadOnlyCollection<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await RunAsync(arguments, cancellationToken);
        return exitCode == 0
            ? output
            : throw new CommandFailure(ExitCode.Internal, $"{Path} {string.Join(' ', arguments)} failed with exit code {exitCode}: {error.Trim()}");
    }

    /// <summary>Runs it on this process's own terminal.</summary>
    public async Task<int> ShowAsync(IEnumerable<string> arguments, string? directory, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Path, arguments) { WorkingDirectory = directory ?? "" })!; // never null without the shell
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    private static bool IsExecutable(string path)
    {
        try
        {
            return File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
