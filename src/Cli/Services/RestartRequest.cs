using System.Globalization;
using System.Text;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// How a command asks the running process to restart one of its services: by a file beside the pidfile, which the process looks for at
/// SIGHUP and removes when the service has begun again. SIGHUP, because a process that knows nothing of such requests takes no harm from it.
/// </summary>
internal static class RestartRequest
{
    /// <exception cref="CommandFailure">Another command waits for its own, or the file cannot be written.</exception>
    public static void Ask(ConfigPaths paths, string service)
    {
        var path = PathIn(paths);
        if (Read(path) is var (asker, _) && asker != Environment.ProcessId && Directory.Exists($"/proc/{asker}"))
        {
            throw new CommandFailure(ExitCode.BadState, $"Another command, with pid {asker}, is restarting a service of \"{paths.PgData}\"", "Wait for its end, and try again");
        }

        try
        {
            AtomicFile.Write(path, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{service}\n"), AtomicFile.Readable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.Internal, $"Failed to write \"{path}\", by which pg_autoctl is asked: {exception.Message}", "Run this as the user to whom pg_autoctl belongs", exception);
        }
    }

    /// <summary>Name of the service that is to be restarted, null where nobody asks.</summary>
    public static string? Find(ConfigPaths paths) => Read(PathIn(paths))?.Service;

    /// <summary>It is done, or nobody waits for it any more.</summary>
    public static void Remove(ConfigPaths paths) => File.Delete(PathIn(paths));

    private static (int Asker, string Service)? Read(string path)
    {
        try
        {
            return File.ReadAllLines(path, Encoding.UTF8) is [var pid, var service] && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var asker)
                ? (asker, service)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string PathIn(ConfigPaths paths) => Path.Join(paths.RuntimeDirectory, "pg_autoctl.restart");
}
