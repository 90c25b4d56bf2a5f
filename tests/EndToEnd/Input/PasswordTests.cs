using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Input;

public sealed class PasswordTests : OwnClusterTest
{
    private const string Right = "correct-horse";
    private const string Wrong = "battery-staple";

    [Theory]
    [InlineData("scram-sha-256")]
    [InlineData("md5")]
    public async Task A_wrong_password_of_the_monitor_is_refused_without_being_shown_and_the_right_one_works(string method)
    {
        await PrepareAsync(new ClusterOptions());
        TestNode monitor = Cluster.Monitor, node = Cluster.Nodes[0];
        await Cluster.CreateMonitorAsync(Token);
        await Cluster.SqlAsync(monitor, $"set password_encryption to '{method}'; alter role autoctl_node password '{Right}'", Token);
        await RequirePasswordsAsync(monitor, method);

        CommandResult refused = await node.AutoctlRawAsync(Create(node, Wrong), Token);
        refused.ExitCode.ShouldNotBe(0);
        refused.ExitCode.ShouldNotBe(124);
        (refused.Output + refused.Error).ShouldNotContain(Wrong);
        Directory.Exists(node.DataDirectory).ShouldBeFalse();
        Cluster.States.Last.Nodes.ShouldBeEmpty();

        node.Start([.. Create(node, Right), "--run"]);
        await Cluster.UntilAsync("the node is single", s => s.Node(node.Name)?.Is("single") is true, Token);
        node.LogTail(1000).Split('\n').Where(l => !l.StartsWith("###", StringComparison.Ordinal)).ShouldNotContain(l => l.Contains(Right, StringComparison.Ordinal));
    }

    private string[] Create(TestNode node, string password) =>
        [.. Cluster.CreateNodeCommand(node).Select(a => a.Replace("autoctl_node@", $"autoctl_node:{password}@", StringComparison.Ordinal))];

    /// <summary>What an operator does who made the monitor with --auth: every connection over TCP needs a password.</summary>
    private async Task RequirePasswordsAsync(TestNode monitor, string method)
    {
        string file = Path.Combine(monitor.DataDirectory, "pg_hba.conf");
        string[] lines = await File.ReadAllLinesAsync(file, Token);
        await File.WriteAllLinesAsync(
            file, lines.Select(l => l.StartsWith("host", StringComparison.Ordinal) ? l.Replace(" trust", " " + method, StringComparison.Ordinal) : l), Token);
        await Cluster.SqlAsync(monitor, "select pg_reload_conf()", Token);
    }
}
