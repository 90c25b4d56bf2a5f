using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;
using PgAutoFailover.Cli.Systemd;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// The life of a process that serves a data directory: the pidfile keeps others away, what is missing is prepared, the supervisor
/// runs the services, and whatever ends them, PostgreSQL is stopped last; unless another process has taken the data directory
/// over, and PostgreSQL with it.
/// </summary>
internal sealed class ServiceProcess(ConfigPaths paths, IPostgresServer server, CommandContext context)
{
    private Supervisor? _supervisor;

    /// <summary>As the pidfile lists them.</summary>
    public required IReadOnlyList<string> ServiceNames { get; init; }

    /// <summary>What has to be there before the services can run. A failure ends the process, and leaves PostgreSQL as it is.</summary>
    public required Func<CancellationToken, Task> PrepareAsync { get; init; }

    /// <summary>Makes the services, once all is prepared; none where nothing is left to do.</summary>
    public required Func<IReadOnlyList<Service>> Compose { get; init; }

    /// <summary>What SIGHUP does.</summary>
    public required Func<CancellationToken, Task> ReloadAsync { get; init; }

    /// <summary>How the services are, in a line; null until they serve for the first time.</summary>
    public required Func<string?> Status { get; init; }

    /// <summary>Whether what matters in them has moved within a span. Waiting for something else that is slow is moving.</summary>
    public required Func<TimeSpan, CancellationToken, Task<bool>> MovesAsync { get; init; }

    /// <returns>Exit code of the process.</returns>
    /// <exception cref="CommandFailure">Another process serves this data directory, or it cannot be prepared.</exception>
    public async Task<int> RunAsync()
    {
        Environment.SetEnvironmentVariable("PGDATA", paths.PgData);
        Directory.CreateDirectory(paths.StateDirectory);
        WholeProgram.Load();
        using var manager = SystemdNotices.FromEnvironment(context);
        using var signals = new StopSignals(context.Log);
        await using var stopping = signals.Stop.UnsafeRegister(static m => ((SystemdNotices)m!).TellStopping(), manager); // it is given
        RuntimePlace.Prepare(paths.RuntimeDirectory, paths.FirstRuntimeDirectory);
        PidFile.Create(paths.PidFile, paths.PgData, ServiceNames, out var removed);
        if (removed is { } stale)
        {
            context.Log.StalePidFile(paths.PidFile, stale);
        }

        using var ended = new CancellationTokenSource();
        var watch = PidFileWatch.RunAsync(paths.PidFile, signals.RequestStopAsync, context.Log, context.Time, ended.Token);
        var reloads = ReloadWhenAskedAsync(signals, manager, ended.Token);
        var telling = manager.RunAsync(Status, MovesAsync, ended.Token);
        var exitCode = ExitCode.Internal;
        try
        {
            exitCode = await RunServicesAsync(signals, manager);
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
            await reloads;
            await telling;
            PidFile.Remove(paths.PidFile);
            if (exitCode != Supervisor.SuccessorExitCode)
            {
                context.Log.Stopped();
            }
        }

        return exitCode == Supervisor.SuccessorExitCode ? Successor.TakeOver(paths.PgData, context) : exitCode;
    }

    private async Task<int> RunServicesAsync(StopSignals signals, SystemdNotices manager)
    {
        try
        {
            await PrepareAsync(signals.Stop);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            await manager.HaveItWaitAsync(signals.StopPostgresAsync(server));
            return ExitCode.Ok;
        }

        var services = Compose();
        if (services.Count == 0)
        {
            return ExitCode.Ok;
        }

        _supervisor = new Supervisor(services, context.Log, context.Time);
        var exitCode = await _supervisor.RunAsync(signals.Stop);
        if (exitCode == Supervisor.SuccessorExitCode && !signals.Stop.IsCancellationRequested)
        {
            return exitCode;
        }

        manager.TellStopping();
        if (PidFile.ReadLive(paths.PidFile) is not { } holder || holder.Pid == Environment.ProcessId)
        {
            await manager.HaveItWaitAsync(signals.StopPostgresAsync(server));
        }

        return exitCode == Supervisor.SuccessorExitCode ? ExitCode.Ok : exitCode;
    }

    private async Task ReloadWhenAskedAsync(StopSignals signals, SystemdNotices manager, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in signals.ReadReloadsAsync(cancellationToken))
            {
                manager.TellReloading();
                try
                {
                    await ReloadAsync(cancellationToken);
                    context.Log.Reloaded(paths.ConfigFile);
                }
                catch (Exception exception) when (Failures.Find(exception) is { } failure)
                {
                    context.Log.ReloadFailed(failure.Message);
                }

                await RestartWhereAskedAsync(cancellationToken);
                manager.TellReloaded();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service has ended.
        }
    }

    private async Task RestartWhereAskedAsync(CancellationToken cancellationToken)
    {
        if (RestartRequest.Find(paths) is { } service && _supervisor is { } supervisor && await supervisor.RestartAsync(service, cancellationToken))
        {
            RestartRequest.Remove(paths);
        }
    }
}
