using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;

namespace PgAutoFailover.EndToEnd.Operations;

public sealed class CreationTests : OwnClusterTest
{
    [Fact]
    public async Task Every_create_command_may_be_repeated()
    {
        await PrepareAsync(new ClusterOptions());
        TestNode monitor = Cluster.Monitor, node = Cluster.Nodes[0];
        (await monitor.AutoctlRawAsync(Cluster.CreateMonitorCommand, Token)).Succeeded();
        (await monitor.AutoctlRawAsync(Cluster.CreateMonitorCommand, Token)).Succeeded();
        monitor.PostmasterPid.ShouldBeNull();

        monitor.Run();
        await Cluster.StartWatchingAsync(Token);
        (await node.AutoctlRawAsync(Cluster.CreateNodeCommand(node), Token)).Succeeded();
        (await node.AutoctlRawAsync(Cluster.CreateNodeCommand(node), Token)).Succeeded();
        node.PostmasterPid.ShouldBeNull();

        node.Run();
        await Cluster.UntilAsync("the node is single", s => s.Node(node.Name)?.Is("single") is true, Token);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_creation_that_was_killed_is_carried_on_by_the_same_command(int number)
    {
        await PrepareAsync(new ClusterOptions());
        await Cluster.CreateMonitorAsync(Token);
        foreach (TestNode before in Cluster.Nodes.Take(number))
        {
            await Cluster.CreateNodeAsync(before, Token);
        }

        // A little later each time: while it registers, makes or copies the data directory, starts PostgreSQL, reports.
        TestNode node = Cluster.Nodes[number];
        Func<bool>[] moments =
        [
            () => Cluster.States.Last.Node(node.Name) is not null,
            () => Directory.Exists(node.DataDirectory) || Cluster.States.Last.Node(node.Name) is { IsSettled: true },
            () => node.PostmasterPid is not null,
        ];
        foreach (Func<bool> moment in moments)
        {
            node.Start([.. Cluster.CreateNodeCommand(node), "--run"]);
            await Cluster.UntilAsync("the moment to kill it", () => moment() || node.ExitCode is not null, Token);
            await node.KillEverythingAsync(Token);
        }

        await Cluster.CreateNodeAsync(node, Token);
        if (number > 0)
        {
            await Cluster.UntilSteadyAsync(Token);
        }
    }

    [Fact]
    public async Task A_running_primary_is_adopted_with_its_data()
    {
        await PrepareAsync(new ClusterOptions());
        await Cluster.CreateMonitorAsync(Token);
        TestNode node = Cluster.Nodes[0];
        await ExecuteAsync(Binaries.Postgres("initdb"), "--auth", "trust", "--pgdata", node.DataDirectory);
        await ExecuteAsync(
            Binaries.Postgres("pg_ctl"), "--pgdata", node.DataDirectory, "--log", Cluster.Files.Under("own.log"), "--wait",
            "-o", $"-p {node.Port} -k {Cluster.Files.Sockets} -c wal_log_hints=on -c listen_addresses=*", "start");
        await Cluster.SqlAsync(node, "create table before as select 42 as answer", Token);
        node.Start([.. Cluster.CreateNodeCommand(node), "--run"]);
        await Cluster.UntilAsync("the node is single", s => s.Node(node.Name)?.Is("single") is true, Token);
        (await Cluster.ScalarAsync(node, "select answer from before", Token)).ShouldBe(42);
    }

    [Fact]
    public async Task An_existing_standby_directory_of_the_same_system_is_kept()
    {
        await MakeAsync(new ClusterOptions());
        TestNode standby = Cluster.Secondary;
        (await Cluster.Monitor.AutoctlAsync(["drop", "node", "--name", standby.Name], Token)).Succeeded();
        await standby.WaitForExitAsync(Token);
        DateTime made = File.GetLastWriteTimeUtc(Path.Combine(standby.DataDirectory, "PG_VERSION"));
        await Cluster.UntilAsync("the other is single", s => s.Nodes is [{ Reported: "single", Goal: "single" }], Token);
        (await standby.AutoctlRawAsync(Cluster.CreateNodeCommand(standby), Token)).Succeeded();
        File.GetLastWriteTimeUtc(Path.Combine(standby.DataDirectory, "PG_VERSION")).ShouldBe(made);
    }
}
