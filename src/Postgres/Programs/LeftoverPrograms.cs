using PgAutoFailover.Postgres.Native;

namespace PgAutoFailover.Postgres.Programs;

/// <summary>
/// Programs that an earlier life of this process started on a directory and that outlived it: they would go on writing into it.
/// </summary>
internal static class LeftoverPrograms
{
    public static async Task EndAsync(string directory, CancellationToken cancellationToken)
    {
        var leftovers = ProcFs.Pids()
            .Where(pid => ProcFs.Executable(pid) is "initdb" or "pg_basebackup" or "pg_rewind" && ProcFs.Arguments(pid).Contains(directory))
            .Select(ProcessHandle.TryOpen).OfType<ProcessHandle>().ToList();
        leftovers.ForEach(p => p.Signal(Libc.SigKill));
        await Task.WhenAll(leftovers.Select(p => p.Exited)).WaitAsync(cancellationToken);
    }
}
