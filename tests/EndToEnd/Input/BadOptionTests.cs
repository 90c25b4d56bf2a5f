using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Input;

public sealed class BadOptionTests : OwnClusterTest
{
    public static TheoryData<string> BadMonitors => new(
        "--auth trust",
        "--no-ssl",
        "--auth trust --no-ssl --ssl-self-signed",
        "--auth trust --no-ssl --pgport none",
        "--auth trust --no-ssl --pgport 70000",
        "--auth trust --no-ssl --no-such-option",
        "--auth trust --ssl-self-signed --ssl-mode verify-full",
        "--auth trust --server-cert /nonexistent.crt --server-key /nonexistent.key");

    public static TheoryData<string> BadNodes => new(
        "--auth trust --no-ssl",
        "--auth trust --no-ssl --monitor postgres://autoctl_node@localhost:1/pg_auto_failover --disable-monitor",
        "--auth trust --skip-pg-hba --no-ssl --monitor postgres://autoctl_node@localhost:1/pg_auto_failover",
        "--auth trust --no-ssl --monitor postgres://autoctl_node@localhost:1/pg_auto_failover --candidate-priority 101",
        "--auth trust --no-ssl --monitor postgres://autoctl_node@localhost:1/pg_auto_failover --candidate-priority high",
        "--auth trust --no-ssl --monitor postgres://autoctl_node@localhost:1/pg_auto_failover --replication-quorum maybe",
        "--no-ssl --monitor postgres://autoctl_node@localhost:1/pg_auto_failover",
        "--auth trust --monitor postgres://autoctl_node@localhost:1/pg_auto_failover");

    [Theory]
    [MemberData(nameof(BadMonitors))]
    public Task Creating_a_monitor_with_bad_options_is_refused_and_changes_nothing(string options) => RefuseAsync("monitor", options);

    [Theory]
    [MemberData(nameof(BadNodes))]
    public Task Creating_a_node_with_bad_options_is_refused_and_changes_nothing(string options) => RefuseAsync("postgres", options);

    [Theory]
    [InlineData("run")]
    [InlineData("show state")]
    [InlineData("config get")]
    [InlineData("stop")]
    [InlineData("perform switchover")]
    public async Task A_directory_without_a_cluster_is_refused(string command)
    {
        await PrepareAsync(new ClusterOptions());
        string before = Listing();
        CommandResult result = await Cluster.Nodes[0].AutoctlAsync(command.Split(' '), Token);
        ShouldBeRefused(result, 1, 2, 3, 6, 12);
        Listing().ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("show")]
    [InlineData("dance")]
    [InlineData("show dance")]
    [InlineData("create postgres --dance")]
    public async Task A_wrong_command_is_answered_with_help_and_exit_code_1(string command)
    {
        await PrepareAsync(new ClusterOptions());
        CommandResult result = await Cluster.Monitor.AutoctlRawAsync(command.Split(' ', StringSplitOptions.RemoveEmptyEntries), Token);
        result.ExitCode.ShouldBe(ExitCodes.BadArguments);
        (result.Output + result.Error).ShouldContain("pg_autoctl");
    }

    private async Task RefuseAsync(string what, string options)
    {
        await PrepareAsync(new ClusterOptions());
        TestNode node = Cluster.Nodes[0];
        string before = Listing();
        CommandResult result = await node.AutoctlRawAsync(
            ["create", what, "--pgdata", node.DataDirectory, "--hostname", "localhost", .. options.Split(' ')], Token);
        ShouldBeRefused(result, ExitCodes.BadArguments);
        Listing().ShouldBe(before);
    }

    private string Listing() => string.Join('\n', Directory.EnumerateFiles(Cluster.Files.Root, "*", SearchOption.AllDirectories).Order());
}
