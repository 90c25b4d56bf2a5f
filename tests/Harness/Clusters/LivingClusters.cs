using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace PgAutoFailover.Harness.Clusters;

/// <summary>Clusters that still have processes. Whatever ends this program short of SIGKILL ends them too.</summary>
internal static class LivingClusters
{
    private static readonly ConcurrentDictionary<Cluster, byte> s_clusters = new();
    private static readonly PosixSignalRegistration s_terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndAll());

    static LivingClusters() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        EndAll();
        s_terminate.Dispose();
    };

    private static volatile bool s_ending;

    /// <summary>Refuses once the program is ending: a test that is still running must not leave a new cluster behind.</summary>
    internal static void Add(Cluster cluster)
    {
        RefuseIfEnding();
        s_clusters.TryAdd(cluster, 0);
    }

    /// <summary>Called before a process is started.</summary>
    internal static void RefuseIfEnding()
    {
        if (s_ending)
        {
            throw new OperationCanceledException("the program is ending");
        }
    }

    internal static void Remove(Cluster cluster) => s_clusters.TryRemove(cluster, out _);

    private static void EndAll()
    {
        s_ending = true;
        foreach (Cluster cluster in s_clusters.Keys)
        {
            // The process is ending: nobody is left to await, and processes must not stay behind.
#pragma warning disable VSTHRD002 // Avoid problematic synchronous waits
            cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
    }
}
