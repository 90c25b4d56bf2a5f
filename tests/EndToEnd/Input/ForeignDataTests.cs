using System.Net.Sockets;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Input;

public sealed class ForeignDataTests : OwnClusterTest
{
    [Fact]
    public async Task A_data_directory_of_another_system_is_refused_and_left_alone()
    {
        await PrepareAsync(new ClusterOptions());
        await Cluster.CreateMonitorAsync(Token);
        TestNode first = Cluster.Nodes[0], stranger = Cluster.Nodes[1];
        await Cluster.CreateNodeAsync(first, Token);
        await ExecuteAsync(Binaries.Postgres("initdb"), "--auth", "trust", "--pgdata", stranger.DataDirectory);
        string before = await SystemIdentifierAsync(stranger);

        CommandResult result = await stranger.AutoctlRawAsync(Cluster.CreateNodeCommand(stranger), Token);
        result.ExitCode.ShouldNotBe(0);
        result.ExitCode.ShouldNotBe(124, result.Error);
        result.Error.ShouldContain("system identifier", Case.Insensitive, result.Error);
        (await SystemIdentifierAsync(stranger)).ShouldBe(before);
        await Cluster.UntilAsync(
            "the first node is single and alone", s => s.Nodes.Length == 1 && s.Node(first.Name)?.Is("single") is true, Token);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_and_the_same_command_works_once_it_is_free()
    {
        await PrepareAsync(new ClusterOptions());
        await Cluster.CreateMonitorAsync(Token);
        TestNode node = Cluster.Nodes[0];
        using (var stranger = TcpListener.Create(node.Port))
        {
            stranger.Start();
            CommandResult result = await node.AutoctlRawAsync(Cluster.CreateNodeCommand(node), Token);
            result.ExitCode.ShouldNotBe(0, result.Error);
            result.ExitCode.ShouldNotBe(124, result.Error);
            result.Error.ShouldContain(node.Port.ToString());
        }

        await Cluster.CreateNodeAsync(node, Token);
    }

    private async Task<string> SystemIdentifierAsync(TestNode node)
    {
        string facts = await ExecuteAsync(Binaries.Postgres("pg_controldata"), node.DataDirectory);
        return facts.Split('\n').Single(l => l.StartsWith("Database system identifier", StringComparison.Ordinal));
    }
}
