using System.Collections.Frozen;

namespace PgAutoFailover.Postgres.Native;

/// <summary>
/// Children from before this program took the place of another version in its process. The runtime takes note of the end of those only that it has
/// started itself; one of the others would go on being there as a zombie, and PostgreSQL would take it for a live postmaster.
/// </summary>
internal static class InheritedChildren
{
    private static readonly FrozenSet<int> s_pids = ProcFs.Children().ToFrozenSet();

    /// <summary>To be called before a process is started: whoever is there by then was inherited.</summary>
    public static void Remember() => _ = s_pids.Count;

    /// <summary>Does nothing for any other process.</summary>
    public static void TakeNoteOfEnd(int pid)
    {
        if (s_pids.Contains(pid))
        {
            _ = Libc.WaitPid(pid, 0, Libc.NoHang);
        }
    }
}
