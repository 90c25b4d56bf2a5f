using System.Net.Sockets;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

[Collection(nameof(DefaultPair))]
public sealed class ServiceTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_second_run_on_the_same_data_directory_is_refused_and_disturbs_nothing()
    {
        TestNode node = Cluster.Primary;
        int? postmaster = node.PostmasterPid, autoctl = node.AutoctlPid;
        CommandResult second = await node.AutoctlAsync(["run"], Token);
        second.ExitCode.ShouldNotBe(0);
        second.Error.ShouldContain("already running");
        node.PostmasterPid.ShouldBe(postmaster);
        node.AutoctlPid.ShouldBe(autoctl);
        await ShouldBeWholeAgainAsync();
    }

    [Theory]
    [InlineData("--fast")]
    [InlineData("--immediate")]
    [InlineData(null)]
    public async Task A_standby_that_is_stopped_takes_its_postgres_along_and_comes_back(string? mode)
    {
        TestNode standby = Cluster.Secondary;
        string[] command = mode is null ? ["stop"] : ["stop", mode];
        (await standby.AutoctlAsync(command, Token)).Succeeded();
        await standby.WaitForExitAsync(Token);
        standby.PostmasterPid.ShouldBeNull();
        (await standby.AutoctlAsync(["status"], Token)).ExitCode.ShouldBe(ExitCodes.BadState);
        await UntilServedAsync();
        standby.Run();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_standby_whose_data_directory_was_moved_away_is_copied_anew_and_what_was_moved_stays()
    {
        TestNode standby = Cluster.Secondary;
        string old = standby.DataDirectory + ".old";
        await standby.KillEverythingAsync(Token);
        Directory.Move(standby.DataDirectory, old);
        standby.Run();
        await ShouldBeWholeAgainAsync();
        Directory.Exists(old).ShouldBeTrue();
        Directory.Delete(old, recursive: true);
    }

    [Fact]
    public async Task A_running_node_says_so()
    {
        (await Cluster.Primary.AutoctlAsync(["status"], Token)).ExitCode.ShouldBe(0);
        (await Cluster.Monitor.AutoctlAsync(["status"], Token)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_stranger_on_the_nodes_port_keeps_it_from_serving_only_until_it_goes_away()
    {
        TestNode node = Cluster.Secondary;
        await node.KillEverythingAsync(Token);
        var stranger = TcpListener.Create(node.Port);
        stranger.Start();
        try
        {
            node.Run();
            await Cluster.UntilAsync(
                "the log tells of the port", () => node.LogTail(400).Contains(node.Port.ToString(), StringComparison.Ordinal), Token);
            await UntilServedAsync();
        }
        finally
        {
            stranger.Dispose();
        }

        if (node.AutoctlPid is null)
        {
            node.Run();
        }

        await ShouldBeWholeAgainAsync();
    }
}
