using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clients;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Waiting;

namespace PgAutoFailover.Chaos.Checks;

/// <summary>When nothing is wrong any more, the group has to be well again: one primary, its secondaries, every client served.</summary>
internal sealed class RestCheck(Cluster cluster, IReadOnlyList<Writer> writers, ReadHistory reads)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the group became steady.</summary>
    internal async Task<TimeSpan> UntilAtRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan steady = await cluster.UntilSteadyAsync(cancellationToken);
            foreach (Writer writer in writers)
            {
                await cluster.UntilAcknowledgedAsync(writer, cancellationToken);
            }

            long before = reads.Reads;
            await cluster.UntilAsync("readers are answered", () => reads.Reads > before + writers.Count, cancellationToken);
            await RefuseLeftoversAsync(cancellationToken);
            return steady;
        }
        catch (TimeoutException e)
        {
            throw Violation.Liveness(e.Message);
        }
    }

    /// <summary>What perform_promotion adds to a node's candidate priority ends with the election that it was added for.</summary>
    private async Task RefuseLeftoversAsync(CancellationToken cancellationToken)
    {
        if (await cluster.ScalarAsync(cluster.Monitor, "select max(candidatepriority) from pgautofailover.node", cancellationToken) is > 100)
        {
            throw Violation.Liveness($"a node is still preferred for an election that is over\n{cluster.Describe()}");
        }
    }

    /// <summary>Waits for what has to be asked for; not getting it in time is a violation.</summary>
    internal static async Task UntilAsync(Cluster cluster, string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        TimeSpan limit = Clock.Now + Patience.Default;
        while (!await condition())
        {
            if (Clock.Now > limit)
            {
                throw Violation.Liveness($"not within {Patience.Default.TotalSeconds:0} s: {what}\n{cluster.Describe()}");
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }
}
