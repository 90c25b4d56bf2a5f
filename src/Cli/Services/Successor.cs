using System.Diagnostics;
using System.Runtime.InteropServices;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Another version of this program that was installed in its place. A service becomes it without ending: the process keeps its id and its child
/// PostgreSQL, which goes on serving, and a service manager sees nothing of it.
/// </summary>
internal static partial class Successor
{
    private const string Replaced = " (deleted)";

    /// <summary>Version of the program that is installed where this one was; null while it is this one, or cannot be run.</summary>
    public static async Task<string?> FindAsync(CancellationToken cancellationToken)
    {
        if (new FileInfo("/proc/self/exe").LinkTarget is not { } target || !target.EndsWith(Replaced, StringComparison.Ordinal) || !File.Exists(Path()))
        {
            return null;
        }

        using var process = Process.Start(new ProcessStartInfo(Path(), ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!; // never null without the shell
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        // pg_autoctl version 0.2.0
        return process.ExitCode == 0 && output.Split([' ', '\n']) is ["pg_autoctl", "version", var version, ..] ? version : null;
    }

    /// <summary>Goes on as that program. Returns only where that fails.</summary>
    public static int TakeOver(string pgData, CommandContext context)
    {
        string[] arguments = [Path(), "run", "--pgdata", pgData];
        context.Log.GoingOnAs(Path());
        _ = Execute(Path(), [.. arguments, null]);
        context.Log.CommandFailed($"Failed to run \"{Path()}\": {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        return ExitCode.Internal;
    }

    private static string Path()
    {
        var target = new FileInfo("/proc/self/exe").LinkTarget ?? "";
        return target.EndsWith(Replaced, StringComparison.Ordinal) ? target[..^Replaced.Length] : target;
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
