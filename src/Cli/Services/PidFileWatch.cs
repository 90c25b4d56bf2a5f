using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.Files;
using PgAutoFailover.Cli.Logging;

namespace PgAutoFailover.Cli.Services;

/// <summary>
/// Ends the process when its pidfile is gone or names another one: whoever removed it takes this data directory for free, and two
/// supervisors of one PostgreSQL would undo each other's work.
/// </summary>
internal static class PidFileWatch
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string path, Func<Task> requestStop, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(s_period, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (!PidFile.IsOurs(path))
                {
                    log.PidFileLost(path);
                    await requestStop();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service ended first.
        }
    }
}
