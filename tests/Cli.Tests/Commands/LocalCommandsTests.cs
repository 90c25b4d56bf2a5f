using System.Text.Json.Nodes;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Commands;

/// <summary>Commands that need nothing but files.</summary>
public sealed class LocalCommandsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTerminal _terminal = new();

    public LocalCommandsTests()
    {
        _terminal.Variables["XDG_CONFIG_HOME"] = Path.Join(_directory.Path, "config");
        _terminal.Variables["XDG_DATA_HOME"] = Path.Join(_directory.Path, "data");
        _terminal.Variables["XDG_RUNTIME_DIR"] = _directory.Path;
        _terminal.Variables["PGCONNECT_TIMEOUT"] = "0";
    }

    private ConfigPaths Paths => ConfigPaths.For("/srv/node1", _terminal.Context.Environment);

    [Fact]
    public async Task Config_get_prints_all_or_one_value()
    {
        WriteKeeper();

        (await RunAsync("config get timeout.network_partition_timeout")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldBe("20\n");
        (await RunAsync("config get")).ShouldBe(ExitCode.Ok);
        _terminal.Output.ShouldContain("[replication]\nmaximum_backup_rate = 100M\n");
    }

    [Theory]
    [InlineData("http.port", "0")]
    [InlineData("http.listen_address", "127.0.0.1")]
    [InlineData("hooks.timeout", "30")]
    [InlineData("hooks.after_change", "")]
    public async Task Config_get_of_a_setting_that_the_file_lacks_prints_what_holds(string key, string value)
    {
        WriteKeeper();

        (await RunAsync($"config get {key}")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldBe($"{value}\n");
        (await File.ReadAllTextAsync(Paths.ConfigFile, TestContext.Current.CancellationToken)).ShouldNotContain("[h");
    }

    [Theory]
    [InlineData("create worker --pgdata /srv/worker --monitor postgres://m")]
    [InlineData("create coordinator")]
    [InlineData("activate --pgdata /srv/coordinator")]
    [InlineData("do coordinator add")]
    public async Task What_2_0_has_for_Citus_is_known_and_refused(string command)
    {
        _terminal.Variables["PG_AUTOCTL_DEBUG"] = "";

        (await _terminal.RunAsync(command.Split(' '))).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain("comes later");
    }

    [Theory]
    [InlineData("config get nope.nope", ExitCode.BadArguments)]
    [InlineData("config get nodot", ExitCode.BadArguments)]
    [InlineData("config set nope.nope 1", ExitCode.BadConfiguration)]
    [InlineData("config set timeout.network_partition_timeout", ExitCode.BadArguments)]
    [InlineData("config set timeout.network_partition_timeout abc", ExitCode.BadConfiguration)]
    [InlineData("config set postgresql.port 70000", ExitCode.BadConfiguration)]
    [InlineData("config set hooks.timeout 0", ExitCode.BadConfiguration)]
    [InlineData("config set replication.maximum_backup_rate nonsense", ExitCode.BadConfiguration)]
    [InlineData("config set replication.maximum_backup_rate 31k", ExitCode.BadConfiguration)]
    [InlineData("config set replication.maximum_backup_rate 1025M", ExitCode.BadConfiguration)]
    [InlineData("config set postgresql.pg_ctl /nowhere/pg_ctl", ExitCode.BadConfiguration)]
    [InlineData("config set hooks.timeout", ExitCode.BadArguments)]
    [InlineData("config set hooks.timeout 20 30", ExitCode.BadArguments)]
    [InlineData("config get hooks.timeout 20", ExitCode.BadArguments)]
    [InlineData("show file --pid --contents --json", ExitCode.BadState)]
    [InlineData("show file --init --contents", ExitCode.BadState)]
    [InlineData("stop --sigkill", ExitCode.BadArguments)]
    [InlineData("stop --fast --sigkill", ExitCode.BadArguments)]
    [InlineData("config set pg_autoctl.client_hostname all", ExitCode.BadConfiguration)]
    [InlineData("config set pg_autoctl.client_port 0", ExitCode.BadConfiguration)]
    [InlineData("config set hooks.timeout 601", ExitCode.BadConfiguration)]
    [InlineData("config set hooks.before_change 'unclosed", ExitCode.BadConfiguration)]
    [InlineData("config set pg_autoctl.role monitor", ExitCode.BadConfiguration)]
    [InlineData("config set pg_autoctl.formation other", ExitCode.BadConfiguration)]
    [InlineData("config set postgresql.pgdata /nowhere", ExitCode.BadConfiguration)]
    [InlineData("config set ssl.sslmode verify-ca", ExitCode.BadConfiguration)]
    [InlineData("config set pg_autoctl.monitor monitor.example.com", ExitCode.BadConfiguration)]
    [InlineData("config set pg_autoctl.monitor postgres://h/d?target_session_attrs=nobody", ExitCode.BadConfiguration)]
    [InlineData("config set replication.backup_directory here", ExitCode.BadConfiguration)]
    [InlineData("drop monitor", ExitCode.BadConfiguration)]
    [InlineData("drop node --name other", ExitCode.BadArguments)]
    [InlineData("set node metadata", ExitCode.BadArguments)]
    [InlineData("set node metadata --hostname name.invalid", ExitCode.BadArguments)]
    [InlineData("set node metadata --client-hostname name.invalid", ExitCode.BadArguments)]
    [InlineData("set node metadata --client-port 65536", ExitCode.BadArguments)]
    [InlineData("set node metadata --client-hostname 127.0.0.2", ExitCode.Monitor)]
    [InlineData("run --client-hostname name.invalid", ExitCode.BadArguments)]
    [InlineData("show file --state --contents", ExitCode.BadState)]
    [InlineData("show state --local", ExitCode.BadState)]
    [InlineData("show state", ExitCode.Monitor)]
    [InlineData("status", ExitCode.BadState)]
    [InlineData("stop", ExitCode.Internal)]
    [InlineData("reload", ExitCode.Internal)]
    [InlineData("config check", ExitCode.PostgresControl)]
    public async Task What_cannot_be_done_has_its_exit_code_and_changes_nothing(string command, int exitCode)
    {
        WriteKeeper();
        var before = await File.ReadAllTextAsync(Paths.ConfigFile, TestContext.Current.CancellationToken);

        (await RunAsync(command)).ShouldBe(exitCode);

        _terminal.Output.ShouldBeEmpty();
        _terminal.Error.ShouldNotBeEmpty();
        (await File.ReadAllTextAsync(Paths.ConfigFile, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task A_node_whose_monitor_is_away_is_not_dropped_and_told_how_to_go_without()
    {
        WriteKeeper();

        (await RunAsync("drop node")).ShouldBe(ExitCode.Monitor);
        _terminal.Error.ShouldContain("\"pg_autoctl disable monitor --force\" has this node let go");
        (await RunAsync("drop node --destroy --force")).ShouldBe(ExitCode.Monitor);
        _terminal.Error.ShouldContain("Check that the monitor is running");
        _terminal.Error.ShouldContain("\"pg_autoctl disable monitor --force\", and then \"pg_autoctl drop node --destroy\"");
        File.Exists(Paths.ConfigFile).ShouldBeTrue();

        (await RunAsync("disable monitor --force")).ShouldBe(ExitCode.Ok);
        (await RunAsync("drop node --destroy")).ShouldBe(ExitCode.Ok);
        File.Exists(Paths.ConfigFile).ShouldBeFalse();
    }

    [Fact]
    public async Task The_contents_of_files_are_JSON_where_asked()
    {
        WriteKeeper();
        Directory.CreateDirectory(Path.GetDirectoryName(Paths.PidFile)!);
        await File.WriteAllTextAsync(Paths.PidFile, "12\n/srv/node1\n1.0\n2.0\n0\n12 postgres\n12 node-active\n", TestContext.Current.CancellationToken);

        (await RunAsync("show file --config --contents --json")).ShouldBe(ExitCode.Ok);
        JsonNode.Parse(_terminal.Output)!["pg_autoctl"]!["role"]!.GetValue<string>().ShouldBe("keeper");

        var other = new FakeTerminal();
        _terminal.Variables.ToList().ForEach(v => other.Variables[v.Key] = v.Value);
        (await other.RunAsync("show", "file", "--pid", "--contents", "--json", "--pgdata", "/srv/node1")).ShouldBe(ExitCode.Ok);
        JsonNode.Parse(other.Output)!["services"]![1]!["name"]!.GetValue<string>().ShouldBe("node-active");
    }

    [Fact]
    public async Task A_monitor_may_be_named_by_keywords_whose_password_nobody_sees()
    {
        (await _terminal.RunAsync("show", "state", "--monitor", "host=127.0.0.1 port=1 user=u password=sesame dbname=d")).ShouldBe(ExitCode.Monitor);
        (await _terminal.RunAsync("show", "state", "--monitor", "host=127.0.0.1 password='sesame x")).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain("\"postgres://u:****@127.0.0.1:1/d\"");
        _terminal.Error.ShouldNotContain("sesame");
    }

    [Fact]
    public async Task A_node_without_a_monitor_keeps_an_address_for_applications_until_it_is_taken_away()
    {
        WriteKeeper();
        await RunAsync($"config set pg_autoctl.monitor {ConfigKeys.MonitorDisabled}");

        (await RunAsync("set node metadata --client-hostname 127.0.0.2")).ShouldBe(ExitCode.Ok);
        (await RunAsync("set node metadata --client-port 6432")).ShouldBe(ExitCode.Ok);
        (await File.ReadAllTextAsync(Paths.ConfigFile, TestContext.Current.CancellationToken))
            .ShouldContain("hostname = localhost\nclient_hostname = 127.0.0.2\nclient_port = 6432\nnodekind");

        (await RunAsync("set node metadata --client-hostname  --client-port 0")).ShouldBe(ExitCode.Ok);
        (await File.ReadAllTextAsync(Paths.ConfigFile, TestContext.Current.CancellationToken)).ShouldNotContain("client_");
    }

    [Fact]
    public async Task A_monitor_has_no_address_for_applications()
    {
        NodeConfig.New(ConfigKeys.MonitorRole).With(ConfigKeys.HostName, "localhost").With(ConfigKeys.PgData, "/srv/node1").Write(Paths.ConfigFile);

        (await RunAsync("run --client-port 6432")).ShouldBe(ExitCode.BadArguments);
        (await RunAsync("set node metadata --client-port 6432")).ShouldBe(ExitCode.BadConfiguration);
        (await RunAsync("config set pg_autoctl.client_port 6432")).ShouldBe(ExitCode.BadConfiguration);
    }

    [Fact]
    public async Task Config_set_writes_the_value_and_prints_it()
    {
        WriteKeeper();

        (await RunAsync("config set replication.maximum_backup_rate 50M")).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldBe("50M\n");
        NodeConfig.Read(Paths.ConfigFile)[ConfigKeys.MaximumBackupRate].ShouldBe("50M");
    }

    [Theory]
    [InlineData("29", false)]
    [InlineData("30", true)]
    public async Task A_primary_that_outlasts_what_the_monitor_takes_for_its_end_is_warned_of(string seconds, bool warned)
    {
        WriteKeeper();

        (await RunAsync($"config set timeout.network_partition_timeout {seconds}")).ShouldBe(ExitCode.Ok);
        _terminal.Error.Contains("primary_demote_timeout", StringComparison.Ordinal).ShouldBe(warned);

        var told = _terminal.Error.Length;
        await RunAsync("config check");
        _terminal.Error[told..].Contains("primary_demote_timeout", StringComparison.Ordinal).ShouldBe(warned);
    }

    [Theory]
    [InlineData(0, 5, true)]
    [InlineData(4, 5, true)]
    [InlineData(5, 5, false)]
    public async Task A_primary_that_would_stop_itself_for_nothing_is_given_more_time_and_warned_of(int seconds, int inForce, bool warned)
    {
        WriteKeeper();

        (await RunAsync($"config set timeout.network_partition_timeout {seconds}")).ShouldBe(ExitCode.Ok);
        _terminal.Error.Contains("counts as 5 s", StringComparison.Ordinal).ShouldBe(warned);
        NodeConfig.Read(Paths.ConfigFile).NetworkPartitionTimeout.ShouldBe(TimeSpan.FromSeconds(inForce));
    }

    [Fact]
    public async Task A_damaged_state_file_is_bad_state()
    {
        WriteKeeper();
        Directory.CreateDirectory(Paths.StateDirectory);
        await File.WriteAllTextAsync(Paths.StateFile, "{\"version\": 1, \"current_ro", TestContext.Current.CancellationToken);

        (await RunAsync("show file --state --contents")).ShouldBe(ExitCode.BadState);
        (await RunAsync("show state --local")).ShouldBe(ExitCode.BadState);

        _terminal.Error.ShouldContain(Paths.StateFile);
    }

    [Theory]
    [InlineData("PGPORT", "abc")]
    [InlineData("PGPORT", "0")]
    [InlineData("PG_AUTOCTL_PG_HBA_LAN", "maybe")]
    [InlineData("PG_AUTOCTL_CANDIDATE_PRIORITY", "101")]
    [InlineData("PG_AUTOCTL_REPLICATION_QUORUM", "maybe")]
    public async Task A_variable_with_a_value_that_it_cannot_have_is_named(string variable, string value)
    {
        string data = Path.Join(_directory.Path, "data");
        _terminal.Variables[variable] = value;

        (await _terminal.RunAsync(["create", "postgres", "--pgdata", data, .. "--auth trust --no-ssl --hostname 127.0.0.1 --monitor postgres://a@b:1/c".Split(' ')])).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain($"\"{value}\"");
        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task An_encryption_that_is_neither_wanted_nor_not_is_refused()
    {
        _terminal.Variables["PG_AUTOCTL_SSL_SELF_SIGNED"] = "maybe";

        (await RunAsync("create monitor --auth trust --hostname 127.0.0.1")).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain("PG_AUTOCTL_SSL_SELF_SIGNED is \"maybe\"");
    }

    [Theory]
    [InlineData("create monitor --auth trust --no-ssl --pgport 6998 --hostname 127.0.0.1", "")]
    [InlineData("create postgres --auth trust --no-ssl --pgport 6998 --hostname 127.0.0.1 --monitor postgres://a@b:1/c", "/node")]
    public async Task A_creation_where_no_directory_can_be_is_refused_before_anything_is_made(string command, string below)
    {
        _terminal.Variables["PATH"] = "/usr/lib/postgresql/15/bin";
        var file = Path.Join(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        (await _terminal.RunAsync([.. command.Split(' '), "--pgdata", file + below])).ShouldBe(ExitCode.BadArguments);

        _terminal.Error.ShouldContain($"\"{file}\" is a file");
        File.Exists(ConfigPaths.For(file + below, _terminal.Context.Environment).ConfigFile).ShouldBeFalse();
    }

    [Theory]
    [InlineData("create monitor --auth trust --no-ssl")]
    [InlineData("create postgres --auth trust --no-ssl --monitor postgres://a@b:1/c")]
    [InlineData("create postgres --auth trust --no-ssl --monitor postgres://a@b:1/c --hostname localhost", "--client-hostname")]
    public async Task A_creation_with_a_host_name_that_nobody_knows_is_refused_before_anything_is_made(string command, string option = "--hostname")
    {
        _terminal.Variables["PATH"] = "/usr/lib/postgresql/15/bin";

        (await RunAsync($"{command} {option} name.invalid")).ShouldBe(ExitCode.BadArguments);

        File.Exists(Paths.ConfigFile).ShouldBeFalse();
        _terminal.Error.ShouldContain("Host name \"name.invalid\" does not resolve");
        _terminal.Error.ShouldContain($"give an address with {option}");
    }

    [Theory]
    [InlineData("create monitor")]
    [InlineData("create monitor --auth trust")]
    [InlineData("create monitor --no-ssl")]
    [InlineData("create monitor --auth trust --skip-pg-hba --no-ssl")]
    [InlineData("create monitor --auth trust --no-ssl --ssl-self-signed")]
    [InlineData("create monitor --auth trust --ssl-self-signed --ssl-mode verify-full")]
    [InlineData("create monitor --auth trust --no-ssl --ssl-mode sometimes")]
    [InlineData("create monitor --auth trust --server-key /nowhere/k")]
    [InlineData("create monitor --auth trust --server-key /nowhere/k --server-cert /nowhere/c --ssl-ca-file /nowhere/ca")]
    [InlineData("create monitor --auth trust --no-ssl --pgport 0")]
    [InlineData("create monitor --auth trust --no-ssl --pgctl /nowhere/pg_ctl")]
    [InlineData("create postgres --auth trust --no-ssl")]
    [InlineData("create postgres --auth trust --no-ssl --monitor nonsense")]
    [InlineData("create postgres --auth trust --no-ssl --monitor postgres://a@b:1/c --candidate-priority 101")]
    [InlineData("create postgres --auth trust --no-ssl --monitor postgres://a@b:1/c --replication-quorum perhaps")]
    [InlineData("create postgres --skip-pg-hba --pg-hba-lan --no-ssl --monitor postgres://a@b:1/c")]
    public async Task A_creation_with_bad_options_ends_with_1_and_leaves_nothing_behind(string command)
    {
        _terminal.Variables["PATH"] = "/usr/lib/postgresql/15/bin";

        (await RunAsync($"{command} --hostname localhost")).ShouldBe(ExitCode.BadArguments);

        File.Exists(Paths.ConfigFile).ShouldBeFalse();
        _terminal.Error.ShouldContain(" ERROR ");
    }

    public void Dispose() => _directory.Dispose();

    private Task<int> RunAsync(string command) => _terminal.RunAsync([.. command.Split(' '), "--pgdata", "/srv/node1"]);

    private void WriteKeeper() => NodeConfig.New(ConfigKeys.KeeperRole)
        .With(ConfigKeys.Monitor, "postgres://autoctl_node@127.0.0.1:1/pg_auto_failover?sslmode=prefer")
        .With(ConfigKeys.HostName, "localhost")
        .With(ConfigKeys.PgData, "/srv/node1")
        .With(ConfigKeys.Port, 5432)
        .Write(Paths.ConfigFile);
}
