using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Runs the services of a node beside each other in this process, starts again the one that fails, and ends them all when one
/// says so, when a signal comes, or when a service fails too often. What fails is a task here and not a process: PostgreSQL is
/// the only child, and it must survive us.
/// </summary>
internal sealed class Supervisor(IReadOnlyList<Service> services, ILogger log, TimeProvider time)
{
    /// <summary>Not documented for people: tells a service manager that starting again would not help.</summary>
    public const int FatalExitCode = 122;

    /// <summary>Never seen from outside: the process goes on as another program.</summary>
    public const int SuccessorExitCode = 120;
    private readonly ConcurrentDictionary<string, ServiceRun> _runs = new(StringComparer.Ordinal);

    /// <summary>Returns when all services have ended, with the exit code of the process.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = services.Select(service => KeepRunningAsync(service, all)).ToArray();
        var ends = await Task.WhenAll(running);
        return ends.Max();
    }

    /// <summary>Ends a service, leaves the others alone, and returns when it has begun again. False where it does not run.</summary>
    public async Task<bool> RestartAsync(string service, CancellationToken cancellationToken) =>
        _runs.TryGetValue(service, out var run) && await run.RestartAsync(cancellationToken);

    private async Task<int> KeepRunningAsync(Service service, CancellationTokenSource all)
    {
        try
        {
            return await KeepRunningAsync(service, all, new RestartLimit(time), new RestartPause(service.LongestPause, time));
        }
        finally
        {
            if (_runs.TryRemove(service.Name, out var last))
            {
                last.Dispose();
            }
        }
    }

    private async Task<int> KeepRunningAsync(Service service, CancellationTokenSource all, RestartLimit limit, RestartPause pauses)
    {
        while (!all.IsCancellationRequested)
        {
            var run = Begin(service, all.Token);
            pauses.Begin();
            if (await RunOnceAsync(service, run.Stop) is { } end)
            {
                if (end == ServiceEnd.Done && run.IsRestartAsked && !all.IsCancellationRequested)
                {
                    log.RestartingService(service.Name);
                    continue;
                }

                if (end != ServiceEnd.Done || service.EndsAll)
                {
                    await all.CancelAsync();
                }

                return end switch
                {
                    ServiceEnd.Fatal => FatalExitCode,
                    ServiceEnd.BadState => ExitCode.BadState,
                    ServiceEnd.Succeeded => SuccessorExitCode,
                    _ => ExitCode.Ok,
                };
            }

            if (all.IsCancellationRequested)
            {
                break;
            }

            if (!limit.TryRestart())
            {
                log.ServiceFailsTooOften(service.Name, RestartLimit.MostRestarts, RestartLimit.Window.TotalSeconds);
                await all.CancelAsync();
                return ExitCode.Internal;
            }

            var pause = pauses.Take();
            if (pause > RestartPause.Shortest)
            {
                log.RestartingServiceLater(service.Name, pause.TotalSeconds);
            }

            // A restart that is asked for meanwhile is not waited with.
            await PauseAsync(pause, run.Stop);
            if (!all.IsCancellationRequested)
            {
                log.RestartingService(service.Name);
            }
        }

        return ExitCode.Ok;
    }

    private ServiceRun Begin(Service service, CancellationToken all)
    {
        _runs.TryGetValue(service.Name, out var earlier);
        var run = _runs[service.Name] = new ServiceRun(all);
        earlier?.NextBegan();
        earlier?.Dispose();
        return run;
    }

    /// <summary>Null where it failed.</summary>
    private async Task<ServiceEnd?> RunOnceAsync(Service service, CancellationToken cancellationToken)
    {
        try
        {
            if (!service.IsQuiet)
            {
                log.StartedService(service.Name, Environment.ProcessId);
            }

            return await service.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ServiceEnd.Done;
        }
#pragma warning disable CA1031 // Keeping a service alive whatever goes wrong in it is what a supervisor is for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.ServiceFailed(service.Name, exception);
            return null;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop above sees it.
        }
    }
}
