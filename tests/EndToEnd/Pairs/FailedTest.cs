using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Pairs;

/// <summary>Keeps what explains a failure, before the cluster is removed.</summary>
internal static class FailedTest
{
    internal static void KeepLogs(Cluster cluster)
    {
        string name = string.Concat((TestContext.Current.Test?.TestDisplayName ?? "test").Split(Path.GetInvalidFileNameChars()));
        string target = Path.Combine(AppContext.BaseDirectory, "TestResults", name[..Math.Min(name.Length, 120)]);
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "summary.txt"), cluster.Describe());
        foreach (TestNode node in cluster.Nodes.Append(cluster.Monitor))
        {
            Keep(node.LogFile, target, "");
            string serverLogs = Path.Combine(node.DataDirectory, "log");
            foreach (string file in Directory.Exists(serverLogs) ? Directory.GetFiles(serverLogs) : [])
            {
                Keep(file, target, node.Name + "-");
            }
        }
    }

    private static void Keep(string file, string target, string prefix)
    {
        if (File.Exists(file))
        {
            File.Copy(file, Path.Combine(target, prefix + Path.GetFileName(file)), overwrite: true);
        }
    }
}
