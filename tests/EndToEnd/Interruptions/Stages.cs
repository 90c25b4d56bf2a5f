using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.EndToEnd.Interruptions;

/// <summary>Counts the changes of the monitor's table, so that a test can do its harm after the first, the second, and so on.</summary>
internal static class Stages
{
    /// <summary>More changes than any failover of a pair has: a test that reaches it would otherwise never end.</summary>
    internal const int Limit = 16;

    /// <summary>
    /// Waits for the given number of changes after <paramref name="before"/>, or for the end of the affair. False if it ended with fewer:
    /// then every stage has been seen.
    /// </summary>
    internal static async Task<bool> ReachAsync(
        Cluster cluster, int before, int stage, Func<ClusterStatus, bool> ended, CancellationToken cancellationToken)
    {
        await Patience.UntilAsync(
            $"change number {stage} of the monitor's table",
            () => cluster.States.Changes.Count - before >= stage || (cluster.States.Changes.Count > before && ended(cluster.States.Last)),
            Patience.Default,
            cluster.Describe,
            cancellationToken);
        return cluster.States.Changes.Count - before >= stage && !ended(cluster.States.Changes[before + stage - 1]);
    }
}
