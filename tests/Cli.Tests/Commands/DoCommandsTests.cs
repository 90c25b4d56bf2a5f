using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.State;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Commands;

/// <summary>Commands below <c>do</c> that need nothing but files.</summary>
public sealed class DoCommandsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTerminal _terminal = new();

    public DoCommandsTests()
    {
        _terminal.Variables["PG_AUTOCTL_DEBUG"] = "";
        _terminal.Variables["XDG_CONFIG_HOME"] = Path.Join(_directory.Path, "config");
        _terminal.Variables["XDG_DATA_HOME"] = Path.Join(_directory.Path, "data");
        _terminal.Variables["XDG_RUNTIME_DIR"] = _directory.Path;
        _terminal.Variables["PGCONNECT_TIMEOUT"] = "0";
    }

    private string PgData => Path.Join(_directory.Path, "node1");

    private ConfigPaths Paths => ConfigPaths.For(PgData, _terminal.Context.Environment);

    [Fact]
    public async Task They_are_not_there_without_PG_AUTOCTL_DEBUG()
    {
        _terminal.Variables.Remove("PG_AUTOCTL_DEBUG");

        (await _terminal.RunAsync("do", "show", "lookup", "localhost")).ShouldBe(ExitCode.BadArguments);
        (await _terminal.RunAsync("do", "--help")).ShouldBe(ExitCode.BadArguments);
        (await _terminal.RunAsync("help")).ShouldBe(ExitCode.Ok);

        _terminal.Error.ShouldContain("PG_AUTOCTL_DEBUG");
        _terminal.Output.ShouldNotContain("fsm");
    }

    [Fact]
    public async Task Help_lists_them_where_it_is_set_to_whatever()
    {
        (await _terminal.RunAsync("help")).ShouldBe(ExitCode.Ok);
        (await _terminal.RunAsync("do", "fsm", "--help")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldContain("service restart node-active");
        _terminal.Error.ShouldContain("  gv ");
    }

    [Fact]
    public async Task A_name_of_this_machine_is_shown_with_its_address()
    {
        (await _terminal.RunAsync("do", "show", "lookup", "localhost")).ShouldBe(ExitCode.Ok);
        (await _terminal.RunAsync("do", "show", "hostname", "localhost")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldBe("localhost: 127.0.0.1\nlocalhost\n");
    }

    [Fact]
    public async Task The_way_to_a_host_on_this_machine_leads_over_the_loopback()
    {
        (await _terminal.RunAsync("do", "show", "ipaddr", "127.0.0.1")).ShouldBe(ExitCode.Ok);
        (await _terminal.RunAsync("do", "show", "cidr", "127.0.0.1")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldBe("127.0.0.1\n127.0.0.0/8\n");
    }

    [Theory]
    [InlineData("do show lookup name.invalid", ExitCode.Internal)]
    [InlineData("do show lookup 192.0.2.1", ExitCode.Internal)]
    [InlineData("do show lookup", ExitCode.BadArguments)]
    [InlineData("do show reverse name.invalid", ExitCode.Internal)]
    [InlineData("do show hostname name.invalid", ExitCode.Internal)]
    [InlineData("do show hostname postgres://autoctl_node@name.invalid:1/pg_auto_failover", ExitCode.Internal)]
    [InlineData("do show hostname mysql://localhost", ExitCode.BadArguments)]
    [InlineData("do show nothing", ExitCode.BadArguments)]
    [InlineData("do monitor parse-notification nonsense", ExitCode.BadArguments)]
    [InlineData("do monitor parse-notification", ExitCode.BadArguments)]
    [InlineData("do pgsetup discover --pgdata /nowhere", ExitCode.BadArguments)]
    [InlineData("do pgsetup ready --pgdata /nowhere", ExitCode.BadArguments)]
    [InlineData("do pgsetup wait --pgdata /nowhere", ExitCode.BadArguments)]
    [InlineData("do pgsetup logs", ExitCode.BadArguments)]
    [InlineData("do fsm state --pgdata /nowhere", ExitCode.BadArguments)]
    [InlineData("do pgctl on --pgdata /nowhere", ExitCode.BadArguments)]
    [InlineData("do service getpid postgres --pgdata /nowhere", ExitCode.Internal)]
    public async Task What_makes_no_sense_is_refused_with_its_exit_code(string command, int exitCode)
    {
        (await _terminal.RunAsync(command.Split(' '))).ShouldBe(exitCode);

        _terminal.Output.ShouldBeEmpty();
        _terminal.Error.ShouldContain(" ERROR ");
    }

    [Theory]
    [InlineData("do fsm state", ExitCode.BadState)]
    [InlineData("do fsm list", ExitCode.BadState)]
    [InlineData("do service getpid postgres", ExitCode.Internal)]
    [InlineData("do service restart postgres", ExitCode.Internal)]
    [InlineData("do service restart node-active", ExitCode.Internal)]
    [InlineData("do pgctl on", ExitCode.BadState)]
    [InlineData("do pgsetup discover", ExitCode.PostgresControl)]
    [InlineData("do pgsetup logs", ExitCode.PostgresControl)]
    [InlineData("do pgsetup ready", ExitCode.LocalSql)]
    [InlineData("do monitor get others", ExitCode.BadState)]
    [InlineData("do monitor get primary", ExitCode.Monitor)]
    [InlineData("do monitor get coordinator", ExitCode.Monitor)]
    [InlineData("do monitor version", ExitCode.Monitor)]
    [InlineData("do monitor active", ExitCode.BadState)]
    public async Task What_a_node_that_does_not_run_cannot_do_is_refused(string command, int exitCode)
    {
        WriteKeeper();

        (await RunAsync(command)).ShouldBe(exitCode);

        _terminal.Output.ShouldBeEmpty();
        _terminal.Error.ShouldNotBeEmpty();
        Directory.Exists(PgData).ShouldBeFalse();
    }

    [Theory]
    [InlineData("do fsm state")]
    [InlineData("do fsm list")]
    [InlineData("do monitor register")]
    [InlineData("do monitor get others")]
    public async Task What_is_for_a_node_is_refused_on_a_monitor(string command)
    {
        NodeConfig.New(ConfigKeys.MonitorRole).With(ConfigKeys.HostName, "localhost").With(ConfigKeys.PgData, PgData).With(ConfigKeys.Port, 5432).Write(Paths.ConfigFile);

        (await RunAsync(command)).ShouldBe(ExitCode.BadConfiguration);
    }

    [Fact]
    public async Task A_node_that_is_registered_is_not_registered_again()
    {
        WriteKeeper();
        SaveState(NodeState.Secondary);

        (await RunAsync("do monitor register")).ShouldBe(ExitCode.BadState);

        _terminal.Error.ShouldContain("node 7");
    }

    [Theory]
    [InlineData("do pgctl on")]
    [InlineData("do service restart postgres")]
    public async Task PostgreSQL_of_a_node_in_charge_is_left_to_its_service(string command)
    {
        WriteKeeper();
        SaveState(NodeState.Primary);

        (await RunAsync(command)).ShouldBeOneOf(ExitCode.BadState, ExitCode.Internal);
    }

    [Fact]
    public async Task The_states_that_can_be_reached_are_those_of_the_table()
    {
        WriteKeeper();
        SaveState(NodeState.Secondary);

        (await RunAsync("do fsm list")).ShouldBe(ExitCode.Ok);

        var lines = _terminal.Output.Split('\n');
        lines[0].ShouldBe("             Current |            Reachable | Comment");
        lines[1].ShouldBe("---------------------+----------------------+---------------------");
        lines.ShouldContain("           secondary |           catchingup | Is not counted on until it has caught up");
        lines.ShouldContain("         #any state# |              dropped | This node is being removed");
        lines.Length.ShouldBe(4 + KeeperTransitions.Table.Count(t => t.From is null or NodeState.Secondary));
    }

    [Fact]
    public async Task The_graph_has_an_edge_for_each_row_of_the_table()
    {
        (await _terminal.RunAsync("do", "fsm", "gv")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldStartWith("digraph finite_state_machine\n{\n");
        _terminal.Output.ShouldContain("    wait_primary -> primary [ label = \"A healthy standby takes part in replication\" ];\n");
        _terminal.Output.Split('\n').Count(l => l.Contains(" -> ", StringComparison.Ordinal)).ShouldBe(KeeperTransitions.Table.Length);
    }

    [Fact]
    public async Task The_state_is_shown_with_PostgreSQL_as_JSON()
    {
        WriteKeeper();
        SaveState(NodeState.Secondary);

        (await RunAsync("do fsm state")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldContain("\"status\": \"not running\"");
        _terminal.Output.ShouldContain("\"current_role\": \"secondary\"");
        _terminal.Output.ShouldContain("\"nodeId\": 7");
        _terminal.Output.ShouldContain("\"last_secondary_contact\": \"0\"");
    }

    [Fact]
    public async Task A_notification_is_told_in_a_line()
    {
        const string Message = """
            {"type": "state", "formation": "default", "groupId": 0, "nodeId": 2, "name": "node2", "host": "h", "port": 5502, "reportedState": "secondary", "goalState": "prepare_promotion"}
            """;

        (await _terminal.RunAsync("do", "monitor", "parse-notification", Message)).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldBe("default/0 node 2 \"node2\" (h:5502): secondary -> prepare_promotion\n");
    }

    [Fact]
    public async Task The_logs_are_told_with_the_severity_of_their_lines()
    {
        WriteKeeper();
        Directory.CreateDirectory(Path.Join(PgData, "log"));
        await File.WriteAllTextAsync(Path.Join(PgData, "startup.log"), "2026 UTC [1] LOG:  starting\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Join(PgData, "log", "postgresql-1.log"), "2026 UTC [1] FATAL:  no\n", TestContext.Current.CancellationToken);

        (await RunAsync("do pgsetup logs")).ShouldBe(ExitCode.Ok);

        _terminal.Error.ShouldContain("INFO  2026 UTC [1] LOG:  starting");
        _terminal.Error.ShouldContain("FATAL 2026 UTC [1] FATAL:  no");
    }

    [Fact]
    public async Task The_tuning_is_computed_for_this_machine()
    {
        (await _terminal.RunAsync("do", "pgsetup", "tune", "--pgdata", PgData)).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldStartWith("# basic tuning computed by pg_auto_failover\ntrack_functions = pl\nshared_buffers = '");
    }

    public void Dispose() => _directory.Dispose();

    private Task<int> RunAsync(string command) => _terminal.RunAsync([.. command.Split(' '), "--pgdata", PgData]);

    private void SaveState(NodeState role) => new FileKeeperStateStore(Paths.StateFile, Paths.InitFile).Save(
        new KeeperState { CurrentRole = role, AssignedRole = role, NodeId = 7, GroupId = 0 });

    private void WriteKeeper() => NodeConfig.New(ConfigKeys.KeeperRole)
        .With(ConfigKeys.Monitor, "postgres://autoctl_node@127.0.0.1:1/pg_auto_failover?sslmode=prefer")
        .With(ConfigKeys.HostName, "localhost")
        .With(ConfigKeys.PgData, PgData)
        .With(ConfigKeys.PgCtl, "/nowhere/bin/pg_ctl")
        .With(ConfigKeys.Port, 5432)
        .Write(Paths.ConfigFile);
}
