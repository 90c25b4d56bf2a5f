using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;

namespace PgAutoFailover.Cli.Commands.Do;

/// <summary>A service that a command names, of a pg_autoctl that has to be running.</summary>
internal static class NamedService
{
    public const string Postgres = "postgres";

    /// <exception cref="CommandFailure">No pg_autoctl runs there, or it has no such service.</exception>
    public static (RunningService Process, int Pid) Find(ConfigPaths paths, string name)
    {
        var process = RunningService.Find(paths)
            ?? throw new CommandFailure(ExitCode.Internal, $"No pg_autoctl is running for \"{paths.PgData}\"", "Start it with \"pg_autoctl run\"");
        var services = process.Content.Services;
        var found = services.FirstOrDefault(s => s.Name == name);
        return found.Name is not null
            ? (process, found.Pid)
            : throw new CommandFailure(
                ExitCode.Internal,
                $"Failed to find pid for service name \"{name}\"",
                $"pg_autoctl at \"{paths.PgData}\" has the services {string.Join(" and ", services.Select(s => s.Name))}");
    }
}
