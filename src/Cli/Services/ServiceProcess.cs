using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// The life of a process that serves a data directory: the pidfile keeps others away, the supervisor runs the services, and
/// whatever ends them, PostgreSQL is stopped last; unless another process has taken the data directory over, and PostgreSQL with it.
/// </summary>
internal sealed class ServiceProcess(ConfigPaths paths, CommandContext context)
{
    /// <param name="server">Stopped when the services have ended.</param>
    /// <param name="compose">Makes the services.</param>
    /// <param name="reload">What SIGHUP does.</param>
    /// <exception cref="CommandFailure">Another process serves this data directory.</exception>
    public async Task<int> RunAsync(IPostgresServer server, Func<StopSignals, IReadOnlyList<Service>> compose, Action reload)
    {
        // A service must not keep a file system busy because of where it was started.
        Directory.SetCurrentDirectory("/");
        Environment.SetEnvironmentVariable("PGDATA", paths.PgData);
        using var signals = new StopSignals(reload, context.Log);
        var services = compose(signals);
        PidFile.Create(paths.PidFile, paths.PgData, [.. services.Select(s => s.Name)], out var removed);
        if (removed is { } stale)
        {
            context.Log.StalePidFile(paths.PidFile, stale);
        }

        using var ended = new CancellationTokenSource();
        var watch = PidFileWatch.RunAsync(paths.PidFile, signals.RequestStopAsync, context.Log, context.Time, ended.Token);
        try
        {
            var exitCode = await new Supervisor(services, context.Log, context.Time).RunAsync(signals.Stop);
            if (PidFile.ReadLive(paths.PidFile) is not { } holder || holder.Pid == Environment.ProcessId)
            {
                await signals.StopPostgresAsync(server);
            }

            return exitCode;
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
            PidFile.Remove(paths.PidFile);
        }
    }
}
