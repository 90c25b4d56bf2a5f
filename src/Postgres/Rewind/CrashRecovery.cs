using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Postmasters;
using PgAutoFailover.Postgres.Programs;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Settings;
using PgAutoFailover.Postgres.Standby;

namespace PgAutoFailover.Postgres.Rewind;

/// <summary>
/// Finishes the recovery of a cluster that was not shut down, and shuts it down, with nobody able to connect meanwhile: what it was is what it is
/// afterwards, a primary's data directory or a standby's.
/// </summary>
internal sealed class CrashRecovery(ProgramRunner programs, ILogger logger, TimeProvider time)
{
    public static bool WasShutDown(PostgresOptions options) =>
        ControlFile.ReadState(options.PgData) is ClusterState.ShutDown or ClusterState.ShutDownInRecovery;

    public static bool WasPrimary(PostgresOptions options) => !File.Exists(Path.Combine(options.PgData, "standby.signal"));

    public async Task RunAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        UnfinishedWork.ThrowIfAny(options);
        if (WasShutDown(options))
        {
            return;
        }

        await Orphans.EndAsync(options.PgData, logger, time, cancellationToken);
        if (WasPrimary(options))
        {
            var call = new ProgramCall(options.Program("postgres"), "--single", "-D", options.PgData, "template1");
            if (LeftBehind.Exception(options.PgData) is { } exception)
            {
                call.Environment[exception.Name] = exception.Value;
            }

            await programs.RunAsync(call, LogLevel.Information, cancellationToken);
        }
        else
        {
            await RunStandbyAsync(options, cancellationToken);
        }
    }

    // A standby has no single-user mode: it is started without an upstream and without a port, and stopped.
    private async Task RunStandbyAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var settings = Path.Combine(options.PgData, SettingsFile.StandbyName);
        var before = File.Exists(settings) ? await File.ReadAllTextAsync(settings, cancellationToken) : null;
        StandbySettings.Write(options, upstream: null);
        var startupLog = new StartupLog(options.PgData);
        var isolated = options with { ListenAddresses = "" };
        var postmaster = PostmasterLaunch.Start(isolated, logger);
        try
        {
            await new Readiness(logger, time).WaitAsync(postmaster, startupLog, cancellationToken);
        }
        finally
        {
            await new StopSequence(logger, time).RunAsync(postmaster, options.PgData, StopMode.Fast, CancellationToken.None);
        }

        if (before is not null)
        {
            AtomicFile.Write(settings, before);
        }
    }
}
