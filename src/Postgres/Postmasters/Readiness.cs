using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Native;
using PgAutoFailover.Postgres.Server;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// Waits for a postmaster to accept connections. It says so itself, in the last line of its pid file, which is cheap to read often.
/// Crash recovery may take hours and is waited for as long as it gets on; only a standstill is an error.
/// </summary>
internal sealed class Readiness(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_standstill = TimeSpan.FromSeconds(60);

    /// <summary>Returns when it is ready.</summary>
    /// <exception cref="PostgresException">It ended, or it stands still.</exception>
    public async Task WaitAsync(Postmaster postmaster, StartupLog startupLog, CancellationToken cancellationToken)
    {
        var progress = new RecoveryProgress(postmaster.Pid);
        var (lastLook, lastProgress) = (time.GetTimestamp(), time.GetTimestamp());
        while (postmaster.PidFile?.Status is not (PostmasterStatus.Ready or PostmasterStatus.Standby))
        {
            if (postmaster.Process.HasExited)
            {
                throw await startupLog.ExplainAsync(time, cancellationToken);
            }

            await Task.WhenAny(postmaster.Process.Exited, Task.Delay(s_look, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(lastLook) > TimeSpan.FromSeconds(1))
            {
                lastLook = time.GetTimestamp();
                if (progress.HasMoved(out var what))
                {
                    lastProgress = lastLook;
                    Log.Recovering(logger, what);
                }
                else if (time.GetElapsedTime(lastProgress) > s_standstill)
                {
                    throw new PostgresException(
                        $"PostgreSQL pid {postmaster.Pid} does not accept connections and has made no progress for {s_standstill.TotalSeconds} s",
                        startupLog.LastLines());
                }
            }
        }
    }
}

/// <summary>Whether the startup process of a postmaster gets on: it reads, replays, or works through another WAL file.</summary>
internal sealed class RecoveryProgress(int postmaster)
{
    // A process that only waits and looks around uses less than this between two looks that matter.
    private const long TicksThatCount = 20;

    private (string Title, long Bytes, long Ticks) _last;

    public bool HasMoved(out string what)
    {
        var pid = ProcFs.Pids().FirstOrDefault(p => ProcFs.Parent(p) == postmaster && ProcFs.CommandLine(p).Contains("startup", StringComparison.Ordinal));
        var now = pid == 0 ? default : (Title: ProcFs.CommandLine(pid), Bytes: ProcFs.BytesMoved(pid), Ticks: ProcFs.CpuTicks(pid));
        what = now.Title ?? "";
        if (now.Title == _last.Title && now.Bytes == _last.Bytes && now.Ticks - _last.Ticks < TicksThatCount)
        {
            return false;
        }

        _last = now;
        return pid != 0;
    }
}
