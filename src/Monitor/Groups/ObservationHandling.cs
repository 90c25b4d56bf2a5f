using PgAutoFailover.Core.Vocabulary;

namespace PgAutoFailover.Monitor.Groups;

/// <summary>What the monitor sees for itself: the answer to a probe, and the keeper's connection.</summary>
internal static class ObservationHandling
{
    /// <summary>A probe has ended. <paramref name="verdict"/> is null as long as further attempts are due.</summary>
    public static void Probed(GroupChange change, long nodeId, ProbeOutcome outcome, Health? verdict)
    {
        if (change.After.Find(nodeId) is not { } node)
        {
            return;
        }

        var now = change.Clock.Now;
        var after = node with { Probe = outcome, ProbedAt = now };
        if (verdict is { } health)
        {
            after = after with { Health = health, HealthCheckedAt = now };
        }

        change.After = change.After.With(after);
        if (after.Health != node.Health)
        {
            change.Announce($"Node {after} is marked as {(after.Health == Health.Good ? "healthy" : "unhealthy")} by the monitor", after);
        }
    }

    /// <summary>The session in which the keeper reports is there, or is not.</summary>
    public static void Linked(GroupChange change, long nodeId, KeeperLink link)
    {
        if (change.After.Find(nodeId) is { } node && node.Link != link)
        {
            change.After = change.After.With(node with { Link = link, LinkChangedAt = change.Clock.Now });
        }
    }
}
