using System.ComponentModel;
using System.Runtime.InteropServices;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Programs;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Another version of this program that was installed in its place. A service becomes it without ending: the process keeps its id and its child
/// PostgreSQL, which goes on serving, and a service manager sees nothing of it.
/// </summary>
internal static partial class Successor
{
    private const string Replaced = " (deleted)";
    private static readonly TimeSpan s_mostForVersion = TimeSpan.FromSeconds(5);

    /// <summary>Version of the program that is installed where this one was; null while it is this one, or cannot be run.</summary>
    public static async Task<string?> FindAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (new FileInfo("/proc/self/exe").LinkTarget is not { } target || !target.EndsWith(Replaced, StringComparison.Ordinal) || !File.Exists(Path()))
        {
            return null;
        }

        using var limit = new CancellationTokenSource(s_mostForVersion, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var (exitCode, output, _) = await new OtherProgram(Path()).RunAsync(["--version"], both.Token);

            // pg_autoctl version 0.2.0
            return exitCode == 0 && output.Split([' ', '\n']) is ["pg_autoctl", "version", var version, ..] ? version : null;
        }
        catch (Exception exception) when (exception is Win32Exception || limit.IsCancellationRequested)
        {
            // Half installed, or broken: this one goes on, and looks again.
            return null;
        }
    }

    /// <summary>
    /// Goes on as that program, in the environment that this process was started with: what a service manager told it counts on. Returns only where
    /// that fails.
    /// </summary>
    public static int TakeOver(string pgData, CommandContext context)
    {
        string[] arguments = [Path(), "run", "--pgdata", pgData];
        context.Log.GoingOnAs(Path());
        _ = Execute(Path(), [.. arguments, null]);
        context.Log.CommandFailed($"Failed to run \"{Path()}\": {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        context.Log.CommandHint("PostgreSQL goes on without anybody who watches it: mend the program, and start the service again");
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
