using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Control;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// Stops a postmaster, more and more firmly. A fast stop writes its checkpoint and then waits for the walsenders to hand over the
/// last WAL: one whose standby is gone or frozen can hold it up although nothing is left to save. Then, and only then, an early
/// immediate stop loses nothing.
/// </summary>
internal sealed class StopSequence(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_reactionLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lingerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_fastLimit = TimeSpan.FromSeconds(60);

    // TimeoutStopSec= of the unit says the same.
    private static readonly TimeSpan s_patientLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_immediateLimit = TimeSpan.FromSeconds(5);

    public async Task RunAsync(Postmaster postmaster, string pgData, StopMode mode, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var process = postmaster.Process;
        Log.StoppingPostgres(logger, postmaster.Pid, mode == StopMode.Patient ? "fast" : mode.ToString().ToLowerInvariant());
        if (mode == StopMode.Smart)
        {
            process.Signal(Libc.SigTerm);
            await process.Exited.WaitAsync(cancellationToken);
        }
        else if (mode == StopMode.Immediate || !await StopFastAsync(postmaster, pgData, mode == StopMode.Patient ? s_patientLimit : s_fastLimit, cancellationToken))
        {
            process.Signal(Libc.SigQuit);
            if (!await process.WaitAsync(s_immediateLimit, time, cancellationToken))
            {
                Log.EscalatingStop(logger, postmaster.Pid, "killing it");
                process.Signal(Libc.SigKill);
                await process.Exited.WaitAsync(cancellationToken);
            }
        }

        Log.PostgresHasStopped(logger, time.GetElapsedTime(start).TotalMilliseconds);
    }

    private async Task<bool> StopFastAsync(Postmaster postmaster, string pgData, TimeSpan limit, CancellationToken cancellationToken)
    {
        postmaster.Process.Signal(Libc.SigInt);
        if (await postmaster.Process.WaitAsync(s_reactionLimit, time, cancellationToken))
        {
            return true;
        }

        // A postmaster notes in its pid file at once that it is stopping. One that is frozen does not, while its sessions go on.
        if (postmaster.PidFile?.Status != PostmasterStatus.Stopping)
        {
            Log.EscalatingStop(logger, postmaster.Pid, "it does not react, stopping it immediately");
            return false;
        }

        if (await postmaster.Process.WaitAsync(s_lingerLimit - s_reactionLimit, time, cancellationToken))
        {
            return true;
        }

        var start = time.GetTimestamp();
        Log.StillStopping(logger, postmaster.Pid, limit.TotalSeconds);
        while (time.GetElapsedTime(start) < limit - s_lingerLimit)
        {
            if (ControlFile.ReadState(pgData) is ClusterState.ShutDown or ClusterState.ShutDownInRecovery)
            {
                Log.EscalatingStop(logger, postmaster.Pid, "its data is safe on disk and only walsenders linger, ending them");
                return false;
            }

            if (await postmaster.Process.WaitAsync(TimeSpan.FromMilliseconds(200), time, cancellationToken))
            {
                return true;
            }
        }

        Log.EscalatingStop(logger, postmaster.Pid, "stopping it immediately, it will need crash recovery");
        return false;
    }
}
