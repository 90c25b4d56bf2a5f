using PgAutoFailover.Core.Vocabulary;
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

    /// <summary>
    /// What the product finds when it compares the beginning of the last timeline that both have been on by number, and, where all that is down there should be up there, too,
    /// the end. In the moment in which it has asked the upstream who it is: that costs no further question here.
    /// </summary>
    public static bool? IsShared(DataDirectory up, DataDirectory down, Lsn end)
    {
        var common = up.Branch.Timelines().Intersect(down.Branch.Timelines()).DefaultIfEmpty().Max();
        var (there, here) = (up.Branch.FirstOf(common), down.Branch.FirstOf(common));
        if (here is null || there is null)
        {
            return null;
        }

        if (!ReferenceEquals(here, there))
        {
            return here.Count > here.Fork && there.Count > there.Fork || here.LsnAt(here.Fork) != there.LsnAt(there.Fork) ? false : null;
        }

        var count = down.Flushed;
        while (count > 0 && down.Branch.LsnAt(count) > end)
        {
            count--;
        }

        var left = up.Branch.Timeline == common ? up.End : up.Branch.History().First(h => h.Timeline == common).SwitchPoint;
        return down.Branch.Timeline != common || end > left || up.Branch.Includes(up.Flushed, down.Branch, count);
    }
}
