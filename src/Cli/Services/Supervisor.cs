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
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns when all services have ended, with the exit code of the process.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = services.Select(service => KeepRunningAsync(service, all)).ToArray();
        var ends = await Task.WhenAll(running);
        return ends.Max();
    }

    private async Task<int> KeepRunningAsync(Service service, CancellationTokenSource all)
    {
        var limit = new RestartLimit(time);
        while (!all.IsCancellationRequested)
        {
            if (await RunOnceAsync(service, all.Token) is { } end)
            {
                if (end != ServiceEnd.Done || service.EndsAll)
                {
                    await all.CancelAsync();
                }

                return end switch
                {
                    ServiceEnd.Fatal => FatalExitCode,
                    ServiceEnd.BadState => ExitCode.BadState,
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

            log.RestartingService(service.Name);
            await PauseAsync(all.Token);
        }

        return ExitCode.Ok;
    }

    /// <summary>Null where it failed.</summary>
    private async Task<ServiceEnd?> RunOnceAsync(Service service, CancellationToken cancellationToken)
    {
        try
        {
            log.StartedService(service.Name, Environment.ProcessId);
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

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(s_pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop above sees it.
        }
    }
}
