using PgAutoFailover.Simulation.Checks;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;

namespace PgAutoFailover.Simulation.Commands;

/// <summary>Looks for a story that loses safety because one condition of Core's rules is left out.</summary>
internal static class MutationSearch
{
    /// <summary>A seed and what was lost, or null. A story that is bad with the rules as they are proves nothing, and is not counted.</summary>
    public static (long Seed, string What)? Find(Mutation mutation, long from, long count, int threads)
    {
        var run = new SeedRun(from, count) { Rules = mutation.Decide, StopsAtFirstSafety = true, Tell = _ => { } };
        run.Run(threads);
        foreach (var (seed, violation) in run.Violations)
        {
            if (violation.Kind == ViolationKind.Safety && SeedRun.RunOne((ulong)seed, new Story(isTold: false)).Violation is null)
            {
                return (seed, violation.What);
            }
        }

        return null;
    }
}
