using PgAutoFailover.Postgres.Files;
using PgAutoFailover.Postgres.Native;

namespace PgAutoFailover.Postgres.Postmasters;

/// <summary>A live postmaster of a data directory, started here or by someone else.</summary>
internal sealed class Postmaster(ProcessHandle process, string pgData)
{
    public int Pid => process.Pid;

    public ProcessHandle Process => process;

    /// <summary>What it says of itself; null while it has not said anything yet.</summary>
    public PostmasterPidFile? PidFile => PostmasterPidFile.Read(pgData) is { } file && file.Pid == Pid ? file : null;

    /// <summary>
    /// The postmaster that runs on this data directory, or null. A <c>postmaster.pid</c> that was left behind may name a process
    /// that has nothing to do with PostgreSQL, or with this cluster: what counts is what the process is and where it works.
    /// </summary>
    public static Postmaster? Find(string pgData)
    {
        if (PostmasterPidFile.Read(pgData) is not { } file || !IsPostgresOf(file.Pid, CanonicalPath.Of(pgData)))
        {
            return null;
        }

        // The descriptor is opened first and the identity looked at again after it: the pid cannot change hands in between.
        var process = ProcessHandle.TryOpen(file.Pid);
        return process is not null && IsPostgresOf(file.Pid, CanonicalPath.Of(pgData)) ? new Postmaster(process, pgData) : null;
    }

    /// <summary>Whether a process is a PostgreSQL server process of the data directory.</summary>
    public static bool IsPostgresOf(int pid, string canonicalPgData) =>
        ProcFs.WorkingDirectory(pid) == canonicalPgData && (ProcFs.Executable(pid) is "postgres" or "postmaster") && !ProcFs.IsZombie(pid);
}
