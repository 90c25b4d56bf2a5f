using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Commands;

/// <summary>The commands below <c>do fsm</c> that are for nodes without a monitor, as far as they need nothing but files.</summary>
public sealed class UnmonitoredNodeTests : IDisposable
{
    private const string Pair = """
        [{"node_id":1,"node_name":"a","node_host":"127.0.0.1","node_port":6801,"node_lsn":"0/1","node_is_primary":true},
         {"node_id":2,"node_name":"b","node_host":"127.0.0.1","node_port":6802,"node_lsn":"0/3000060","node_is_primary":false}]
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTerminal _terminal = new();

    public UnmonitoredNodeTests()
    {
        _terminal.Variables["PG_AUTOCTL_DEBUG"] = "";
        _terminal.Variables["XDG_CONFIG_HOME"] = Path.Join(_directory.Path, "config");
        _terminal.Variables["XDG_DATA_HOME"] = Path.Join(_directory.Path, "data");
        _terminal.Variables["XDG_RUNTIME_DIR"] = _directory.Path;
    }

    private string PgData => Path.Join(_directory.Path, "node1");

    private ConfigPaths Paths => ConfigPaths.For(PgData, _terminal.Context.Environment);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_list_of_nodes_is_replaced_whole_and_shown_as_a_table_and_as_JSON()
    {
        WriteNode();
        SaveState(NodeState.Single);
        (await RunAsync("do fsm nodes get")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldStartWith("Name |");
        (await RunAsync($"do fsm nodes set {WriteFile(Pair)}")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldEndWith("""
            Name |  Node |      Host:Port |              TLI: LSN | Primary?
            -----+-------+----------------+-----------------------+---------
               b |     2 | 127.0.0.1:6802 |          0: 0/3000060 |       no


            """);
        (await RunAsync("do fsm nodes get")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain("   a |     1 | 127.0.0.1:6801 |                0: 0/1 |      yes\n");
        (await RunAsync("do fsm nodes get --json")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain("        \"node_host\": \"127.0.0.1\",\n        \"node_port\": 6802,\n        \"node_lsn\": \"0\\/3000060\",\n");
    }

    [Theory]
    [InlineData("do standby promote")]
    [InlineData("do standby rewind localhost 5432")]
    public async Task A_node_whose_configuration_is_not_found_is_not_taken_for_a_cluster_that_nobody_cares_for(string command)
    {
        Directory.CreateDirectory(PgData);
        await File.WriteAllTextAsync(Path.Join(PgData, "PG_VERSION"), "1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Join(PgData, "postgresql-auto-failover.conf"), "", TestContext.Current.CancellationToken);

        (await RunAsync(command)).ShouldBe(ExitCode.BadConfiguration);

        _terminal.Error.ShouldContain("XDG_CONFIG_HOME");
    }

    [Fact]
    public async Task A_file_that_is_no_list_changes_nothing()
    {
        WriteNode();
        SaveState(NodeState.Single);
        (await RunAsync($"do fsm nodes set {WriteFile(Pair)}")).ShouldBe(ExitCode.Ok);
        var before = await File.ReadAllTextAsync(Paths.NodesFile, TestContext.Current.CancellationToken);
        (await RunAsync($"do fsm nodes set {WriteFile("[{\"node_id\":1}]")}")).ShouldBe(ExitCode.BadArguments);
        (await RunAsync("do fsm nodes set /nowhere/nodes.json")).ShouldBe(ExitCode.BadArguments);
        (await File.ReadAllTextAsync(Paths.NodesFile, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Theory]
    [InlineData("do fsm nodes get")]
    [InlineData("do fsm nodes set /nowhere")]
    [InlineData("do fsm init")]
    [InlineData("do fsm assign single")]
    public async Task What_an_operator_says_of_a_node_that_has_a_monitor_is_refused(string command)
    {
        WriteNode("postgres://autoctl_node@127.0.0.1:1/pg_auto_failover");
        SaveState(NodeState.Secondary);
        (await RunAsync(command)).ShouldBe(ExitCode.BadConfiguration);
        _terminal.Error.ShouldContain("has a monitor");
    }

    [Theory]
    [InlineData("do fsm assign nonsense", ExitCode.BadArguments)]
    [InlineData("do fsm assign unknown", ExitCode.BadArguments)]
    [InlineData("do fsm assign", ExitCode.BadArguments)]
    [InlineData("do fsm assign wait_primary", ExitCode.BadState)]
    [InlineData("do fsm step", ExitCode.BadConfiguration)]
    [InlineData("do fsm init", ExitCode.BadState)]
    [InlineData("do standby init 127.0.0.1 1", ExitCode.BadState)]
    [InlineData("do standby init", ExitCode.BadArguments)]
    [InlineData("do standby crash-recovery", ExitCode.PostgresControl)]
    [InlineData("do primary adduser monitor", ExitCode.PostgresControl)]
    [InlineData("do primary adduser replica", ExitCode.PostgresControl)]
    [InlineData("do primary defaults", ExitCode.PostgresControl)]
    public async Task What_cannot_be_done_is_refused_with_its_exit_code_and_changes_nothing(string command, int exitCode)
    {
        WriteNode();
        SaveState(NodeState.Single);
        var before = await File.ReadAllTextAsync(Paths.StateFile, TestContext.Current.CancellationToken);
        (await RunAsync(command)).ShouldBe(exitCode);
        _terminal.Output.ShouldBeEmpty();
        _terminal.Error.ShouldContain(" ERROR ");
        (await File.ReadAllTextAsync(Paths.StateFile, TestContext.Current.CancellationToken)).ShouldBe(before);
        File.Exists(Paths.GoalFile).ShouldBeFalse();
        Directory.Exists(PgData).ShouldBeFalse();
    }

    [Fact]
    public async Task A_state_file_that_was_lost_is_made_anew_with_the_id_that_the_node_had()
    {
        WriteNode();
        (await RunAsync("do fsm init")).ShouldBe(ExitCode.BadArguments);
        (await RunAsync("do fsm init --node-id 7")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain("\"current_role\": \"init\"");
        _terminal.Output.ShouldContain("\"nodeId\": 7");
        (await RunAsync($"do fsm nodes set {WriteFile(Pair)}")).ShouldBe(ExitCode.Ok);
        File.Delete(Paths.StateFile);
        (await RunAsync("do fsm init")).ShouldBe(ExitCode.Ok);
        new FileKeeperStateStore(Paths.StateFile, Paths.InitFile).Load()!.NodeId.ShouldBe(1);
    }

    [Theory]
    [InlineData("--disable-monitor", "--node-id")]
    [InlineData("--node-id 1", "--disable-monitor")]
    [InlineData("--disable-monitor --node-id 0", "1 or more")]
    [InlineData("--disable-monitor --node-id 1 --monitor postgres://autoctl_node@localhost:1/pg_auto_failover", "exclude each other")]
    public async Task A_node_without_a_monitor_is_made_with_an_id_and_without_a_monitor(string options, string said)
    {
        (await RunAsync($"create postgres --auth trust --no-ssl --hostname localhost {options}")).ShouldBe(ExitCode.BadArguments);
        _terminal.Error.ShouldContain(said);
        File.Exists(Paths.ConfigFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_keeps_its_monitor_and_one_without_does_not_get_one_by_being_created_again()
    {
        WriteNode("postgres://autoctl_node@127.0.0.1:1/pg_auto_failover");
        (await RunAsync("create postgres --disable-monitor --node-id 1")).ShouldBe(ExitCode.BadArguments);
        _terminal.Error.ShouldContain("disable monitor");
        WriteNode();
        (await RunAsync("create postgres --monitor postgres://autoctl_node@127.0.0.1:1/pg_auto_failover")).ShouldBe(ExitCode.BadArguments);
        _terminal.Error.ShouldContain("enable monitor");
    }

    [Fact]
    public async Task What_is_retired_says_so_whatever_follows_and_versions_are_told()
    {
        (await _terminal.RunAsync("do", "azure", "provision", "region", "--prefix", "x")).ShouldBe(ExitCode.BadArguments);
        _terminal.Error.ShouldContain("retired");
        (await _terminal.RunAsync("do", "show", "version")).ShouldBe(ExitCode.Ok);
        _terminal.Error.ShouldContain("pgautofailover \"2.0\"");
    }

    private Task<int> RunAsync(string command) => _terminal.RunAsync([.. command.Split(' '), "--pgdata", PgData]);

    private string WriteFile(string text)
    {
        var path = Path.Join(_directory.Path, "list.json");
        File.WriteAllText(path, text);
        return path;
    }

    private void SaveState(NodeState role) => new FileKeeperStateStore(Paths.StateFile, Paths.InitFile).Save(
        new KeeperState { CurrentRole = role, AssignedRole = role, NodeId = 1, GroupId = 0, IsDetached = true });

    private void WriteNode(string monitor = ConfigKeys.MonitorDisabled) => NodeConfig.New(ConfigKeys.KeeperRole)
        .With(ConfigKeys.Monitor, monitor)
        .With(ConfigKeys.HostName, "127.0.0.1")
        .With(ConfigKeys.PgData, PgData)
        .With(ConfigKeys.PgCtl, "/nowhere/bin/pg_ctl")
        .With(ConfigKeys.Port, 6801)
        .Write(Paths.ConfigFile);
}
