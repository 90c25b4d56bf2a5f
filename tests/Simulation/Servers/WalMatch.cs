using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Wal;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Servers;

/// <summary>
/// Whether a standby can go on with the WAL of an upstream, judged as PostgreSQL does: by timeline numbers, histories and positions. Where it
/// says yes and the records differ, the standby is corrupted silently: that is a violation.
/// </summary>
internal static class WalMatch
{
    /// <summary>Why not; null when it can.</summary>
    public static string? Refusal(SimNode upNode, DataDirectory up, SimNode downNode, DataDirectory down)
    {
        if (up.SystemIdentifier != down.SystemIdentifier)
        {
            return "database system identifier differs between the primary and standby";
        }

        if (down.Branch.Timeline > up.Branch.Timeline)
        {
            return $"highest timeline {up.Branch.Timeline} of the primary is behind recovery timeline {down.Branch.Timeline}";
        }

        if (down.Branch.Timeline == up.Branch.Timeline)
        {
            if (down.End > up.End)
            {
                return $"requested starting point {down.End} is ahead of the WAL flush position {up.End} of this server";
            }
        }
        else
        {
            var past = up.Branch.History().FirstOrDefault(h => h.Timeline == down.Branch.Timeline);
            if (past.Timeline != down.Branch.Timeline)
            {
                return $"requested timeline {down.Branch.Timeline} is not in this server's history";
            }

            if (down.End > past.SwitchPoint)
            {
                return $"new timeline {up.Branch.Timeline} forked off current database system timeline {down.Branch.Timeline} before current recovery point {down.End}";
            }
        }

        if (!down.IsPartOf(up))
        {
            upNode.World.Fail(ViolationKind.Safety,
                $"{downNode.Name} streams from {upNode.Name}, although it has records at {down.End} on {down.Branch} that {up.Branch} never had: it is corrupted silently");
        }

        return null;
    }
}
