using Microsoft.Extensions.Logging;
using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>
/// Server processes that outlived their postmaster. Most notice its death within milliseconds and leave; one that is busy, or was
/// frozen, stays attached to the shared memory, and a new postmaster refuses to start until it is gone.
/// </summary>
internal static class Orphans
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // The log collector of a postmaster that was stopped in good order writes what it was given, and ends a moment after it.
    private static readonly TimeSpan s_usual = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether any server process works in the data directory.</summary>
    public static bool Exist(string pgData)
    {
        var home = CanonicalPath.Of(pgData);
        return ProcFs.Pids().Any(pid => Postmaster.IsPostgresOf(pid, home));
    }

    /// <summary>Ends them all and returns when they are gone. Must only be called when no postmaster runs on the data directory.</summary>
    public static async Task EndAsync(string pgData, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        var home = CanonicalPath.Of(pgData);
        var orphans = ProcFs.Pids().Where(pid => Postmaster.IsPostgresOf(pid, home)).Select(ProcessHandle.TryOpen).OfType<ProcessHandle>()
            .Where(p => Postmaster.IsPostgresOf(p.Pid, home)).ToList();
        if (orphans.Count == 0)
        {
            return;
        }

        orphans.ForEach(p => p.Signal(Libc.SigQuit));
        var all = Task.WhenAll(orphans.Select(p => p.Exited));
        if (await EndWithinAsync(s_usual))
        {
            return;
        }

        Log.EndingOrphans(logger, orphans.Count(p => !p.HasExited), pgData);
        if (!await EndWithinAsync(s_patience - s_usual))
        {
            orphans.ForEach(p => p.Signal(Libc.SigKill));
            await all.WaitAsync(cancellationToken);
        }

        async Task<bool> EndWithinAsync(TimeSpan limit)
        {
            try
            {
                await all.WaitAsync(limit, time, cancellationToken);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}
