using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Scheduling;

namespace PgAutoFailover.Simulation.Worlds;

/// <summary>
/// A primary's worst end: its standbys fall behind one after the other, it is lost, and when one of them is elected and fetches what it lacks, the one
/// that has most is lost as well. By chance alone all that hardly ever comes together.
/// </summary>
/// <param name="world">Where it happens.</param>
/// <param name="process">Whose turns these are.</param>
/// <param name="cut">Lets nothing from a host reach another one, for a while.</param>
/// <param name="powerLoss">Takes a node's power for so long.</param>
internal sealed class Succession(World world, SimProcess process, Action<SimHost, SimHost> cut, Action<SimNode, TimeSpan> powerLoss)
{
    // The others have to find out that it is lost, and to get somewhere without it.
    private TimeSpan Long => world.Chance.Span(50_000, 90_000);

    public void Begin(SimGroup group)
    {
        if (RestCheck.PrimaryOf(group) is not { } primary)
        {
            return;
        }

        // Mostly whoever is to be elected falls behind first, so that it has something to fetch, and from more than one.
        var byPriority = world.Chance.Is(0.7);
        var behind = group.Nodes.Where(n => n != primary && n.Host.IsUp)
            .OrderByDescending(n => byPriority ? group.Rows.Live.FirstOrDefault(r => r.Name == n.Name)?.CandidatePriority : 0).ThenBy(_ => world.Chance.Next())
            .SkipLast(1).ToList();
        var after = TimeSpan.Zero;
        foreach (var standby in behind)
        {
            world.Scheduler.After(after, process, _ => cut(primary.Host, standby.Host));
            after += world.Chance.Span(300, 2500);
        }

        world.Scheduler.After(after, process, _ => Lose(group, primary));
    }

    private void Lose(SimGroup group, SimNode primary)
    {
        powerLoss(primary, Long);
        world.RowsChanged = changed =>
        {
            var rows = changed.Rows.Live;
            if (changed == group && rows.Any(n => n.Goal == NodeState.FastForward)
                && rows.Where(n => n.ConvergedTo(NodeState.ReportLsn)).MaxBy(n => (n.Timeline, n.Lsn)) is { } best && group.Find(best.Name) is { } source)
            {
                world.RowsChanged = null;
                world.Scheduler.After(world.Chance.Span(0, 40), process, _ => powerLoss(source, Long));
            }
        };
    }
}
