using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

public sealed class CreationTests : OwnClusterTest
{
    private readonly List<string> _debian = [];

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

    /// <summary>Configuration in /etc, files that it includes, rules and a slot of an operator's: all of it is there afterwards, on the standby too.</summary>
    [Fact]
    public async Task A_running_cluster_of_Debians_tools_is_adopted_with_its_configuration()
    {
        await PrepareAsync(new ClusterOptions());
        await Cluster.CreateMonitorAsync(Token);
        TestNode node = Cluster.Nodes[0], standby = Cluster.Nodes[1];
        string major = Path.GetFileName(Path.GetDirectoryName(Binaries.PostgresDirectory))!;
        string name = $"pgaf{node.Port}", etc = $"/etc/postgresql/{major}/{name}";
        await ExecuteAsync(
            "pg_createcluster", major, name, "--datadir", node.DataDirectory, "--port", Port(node), "--socketdir", Cluster.Files.Sockets,
            "--logfile", Cluster.Files.Under("debian.log"));
        _debian.Add(etc);
        await File.WriteAllTextAsync($"{etc}/conf.d/own.conf", "log_min_duration_statement = 777\ninclude '../more.conf'\n", Token);
        await File.WriteAllTextAsync($"{etc}/more.conf", "work_mem = '17MB'\n", Token);
        await File.AppendAllTextAsync($"{etc}/pg_hba.conf", "host all app 192.0.2.0/24 scram-sha-256\n", Token);
        await File.WriteAllTextAsync($"{etc}/pg_hba.conf", "local all all trust\nhost all,replication all samehost trust\n" + await File.ReadAllTextAsync($"{etc}/pg_hba.conf", Token), Token);
        await ExecuteAsync("pg_ctlcluster", major, name, "start");
        await Cluster.SqlAsync(node, "create table before as select 42 as answer", Token);
        await Cluster.SqlAsync(node, "select pg_create_physical_replication_slot('own', true)", Token);
        string[] create = [.. Cluster.CreateNodeCommand(node).Select(a => a == Port(node) ? Port(standby) : a)];
        CommandResult other = await node.AutoctlRawAsync(create, Token);
        ShouldBeRefused(other, 1);
        other.Error.ShouldContain($"port {node.Port}, not {standby.Port}");

        (await node.AutoctlRawAsync(Cluster.CreateNodeCommand(node), Token)).Succeeded();
        node.Run();
        await Cluster.UntilAsync("the node is single", s => s.Node(node.Name)?.Is("single") is true, Token);
        await Cluster.CreateNodeAsync(standby, Token);
        foreach (TestNode each in new[] { node, standby })
        {
            (await Cluster.ScalarAsync(each, "select answer from before", Token)).ShouldBe(42);
            (await Cluster.ScalarAsync(each, "select concat_ws(' ', current_setting('log_min_duration_statement'), current_setting('work_mem'), current_setting('ssl'))", Token))
                .ShouldBe("777ms 17MB off");
            (await Cluster.ScalarAsync(each, "select count(*) from pg_hba_file_rules where address = '192.0.2.0'", Token)).ShouldBe(1);
        }

        (await Cluster.ScalarAsync(node, "select count(*) from pg_replication_slots where slot_name = 'own'", Token)).ShouldBe(1);
        (await ExecuteAsync("pg_lsclusters", "--no-header")).ShouldContain(node.DataDirectory);
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

    protected override ValueTask CleanUpAsync()
    {
        // The data directory is gone with the cluster: pg_dropcluster would refuse.
        foreach (string left in _debian)
        {
            Directory.Delete(left, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private static string Port(TestNode node) => node.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
