using System.Text.Json;
using Microsoft.Extensions.Logging;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.CommandLine;

public sealed class DispatcherTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("show state -V")]
    [InlineData("version")]
    public async Task The_version_begins_with_one_line_of_the_program(string command)
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync(command.Split(' '))).ShouldBe(ExitCode.Ok);

        terminal.Output.ShouldStartWith($"pg_autoctl version {ProgramVersion.Text}\npg_autoctl extension version {ProgramVersion.Extension}\n");
    }

    [Theory]
    [InlineData("--version --json")]
    [InlineData("show state --version --json")]
    [InlineData("version -J")]
    public async Task The_version_is_JSON_where_asked(string command)
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync(command.Split(' '))).ShouldBe(ExitCode.Ok);

        using var json = JsonDocument.Parse(terminal.Output);
        json.RootElement.GetProperty("pg_autoctl").GetString().ShouldBe(ProgramVersion.Text);
    }

    [Fact]
    public async Task The_version_of_a_data_directory_is_that_of_its_PostgreSQL()
    {
        using var home = new TemporaryDirectory();
        var terminal = new FakeTerminal { Variables = { ["HOME"] = home.Path } };
        var bin = Directory.CreateDirectory(Path.Join(home.Path, "bin")).FullName;
        File.WriteAllText(Path.Join(bin, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 14.7'\n");
        File.SetUnixFileMode(Path.Join(bin, "postgres"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var paths = ConfigPaths.For("/srv/node", terminal.Context.Environment);
        NodeConfig.New(ConfigKeys.KeeperRole).With(ConfigKeys.HostName, "localhost").With(ConfigKeys.PgData, "/srv/node").With(ConfigKeys.PgCtl, Path.Join(bin, "pg_ctl")).Write(paths.ConfigFile);

        (await terminal.RunAsync("version", "--pgdata", "/srv/node")).ShouldBe(ExitCode.Ok);

        terminal.Output.ShouldContain("runs with PostgreSQL 14.7\n");
    }

    [Fact]
    public async Task Help_lists_every_command_on_stdout()
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync("help")).ShouldBe(ExitCode.Ok);

        foreach (var leaf in CommandTree.All.Where(e => !e.IsGroup || e.Path == "help"))
        {
            terminal.Output.ShouldContain(leaf.Summary);
        }
    }

    [Theory]
    [InlineData("show", ExitCode.BadArguments)]
    [InlineData("show --help", ExitCode.Ok)]
    [InlineData("-h show", ExitCode.Ok)]
    public async Task A_group_shows_its_subcommands_and_is_no_success_by_itself(string command, int code)
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync(command.Split(' '))).ShouldBe(code);

        terminal.Error.ShouldContain("standby-names");
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("show nope")]
    [InlineData("show state --nope")]
    [InlineData("show state --group x")]
    [InlineData("show state --group -2")]
    [InlineData("show events --count 0")]
    [InlineData("show state")]
    [InlineData("show state --pgdata /nowhere")]
    [InlineData("stop --pgdata /nowhere")]
    [InlineData("reload --pgdata /nowhere")]
    [InlineData("version --pgdata /nowhere")]
    [InlineData("show file --config --state --pgdata /nowhere")]
    [InlineData("set node candidate-priority 101 --monitor postgres://a@127.0.0.1:1/b --name n")]
    [InlineData("set node candidate-priority x --monitor postgres://a@127.0.0.1:1/b --name n")]
    [InlineData("set node replication-quorum maybe --monitor postgres://a@127.0.0.1:1/b --name n")]
    [InlineData("set formation number-sync-standbys -1 --monitor postgres://a@127.0.0.1:1/b")]
    [InlineData("get node candidate-priority --monitor postgres://a@127.0.0.1:1/b")]
    [InlineData("show uri --monitor --pgdata")]
    [InlineData("create formation --monitor postgres://a@127.0.0.1:1/b")]
    [InlineData("create monitor --pgdata /nowhere --hostname h --no-ssl --auth nonsense")]
    [InlineData("enable secondary --monitor postgres://a@127.0.0.1:1/b")]
    public async Task Bad_arguments_end_with_1_and_an_error(string command)
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync(command.Split(' '))).ShouldBe(ExitCode.BadArguments);

        terminal.Error.ShouldContain(" ERROR ");
        terminal.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_monitor_that_cannot_be_reached_ends_with_6_and_no_password()
    {
        var terminal = new FakeTerminal { Variables = { ["PGCONNECT_TIMEOUT"] = "0" } };

        (await terminal.RunAsync("show", "state", "--monitor", "postgres://me:sesame@127.0.0.1:1/b")).ShouldBe(ExitCode.Monitor);

        terminal.Error.ShouldContain("postgres://me:****@127.0.0.1:1/b");
        terminal.Error.ShouldNotContain("sesame");
    }

    [Theory]
    [InlineData("-q version", LogLevel.Error)]
    [InlineData("version", LogLevel.Information)]
    [InlineData("version -v", LogLevel.Information)]
    [InlineData("-v version -v", LogLevel.Debug)]
    [InlineData("version -vvv", LogLevel.Trace)]
    public async Task Verbosity_counts_before_and_after_the_command(string command, LogLevel level)
    {
        var terminal = new FakeTerminal();

        await terminal.RunAsync(command.Split(' '));

        terminal.Log.MinimumLevel.ShouldBe(level);
    }

    [Theory]
    [InlineData("run --json", "--json")]
    [InlineData("reload -J", "--json")]
    [InlineData("drop monitor --force --wait 5", "--wait")]
    [InlineData("show events --local", "--local")]
    [InlineData("show state -n 3", "--count")]
    [InlineData("show settings --name node1", "--name")]
    [InlineData("get formation settings --name node1", "--name")]
    [InlineData("get formation number-sync-standbys --name node1", "--name")]
    [InlineData("set formation number-sync-standbys --name node1 1", "--name")]
    [InlineData("enable secondary --allow-failover --formation default", "--allow-failover")]
    [InlineData("disable secondary --allow-failover --formation default", "--allow-failover")]
    [InlineData("disable maintenance -A", "--allow-failover")]
    [InlineData("do fsm list --json", "--json")]
    [InlineData("do service getpid postgres --json", "--json")]
    [InlineData("do pgsetup ready --pgctl /bin/pg_ctl --pgport 5433", "--pgport")]
    [InlineData("do standby promote --monitor postgres://a@127.0.0.1:1/b", "--monitor")]
    public async Task An_option_that_2_0_takes_although_it_means_nothing_is_taken_and_said_to_be_ignored(string command, string option)
    {
        var terminal = new FakeTerminal { Variables = { ["PG_AUTOCTL_DEBUG"] = "1" } };

        await terminal.RunAsync([.. command.Split(' '), "--pgdata", "/nowhere"]);

        terminal.Error.ShouldContain($"Option {option} means nothing to ");
        terminal.Error.ShouldContain("/nowhere");
        terminal.Error.ShouldNotContain("Unknown option");
    }

    [Theory]
    [InlineData("--enable-secondary --disable-secondary")]
    [InlineData("--with-secondary --without-secondary")]
    [InlineData("--enable-secondary --without-secondary")]
    public async Task A_formation_with_secondaries_and_without_is_refused_by_either_names_of_the_options(string options)
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync([.. "create formation --formation f --kind pgsql --monitor postgres://a@127.0.0.1:1/b".Split(' '), .. options.Split(' ')])).ShouldBe(ExitCode.BadArguments);

        terminal.Error.ShouldContain("exclude each other");
    }

    [Theory]
    [InlineData("run", "-n", "--name")]
    [InlineData("run", "-a", "--name")]
    [InlineData("run", "-H", "--hostname")]
    [InlineData("set node metadata", "-n", "--name")]
    [InlineData("set node metadata", "-H", "--hostname")]
    [InlineData("enable maintenance", "-A", "--allow-failover")]
    [InlineData("enable maintenance", "-F", "--allow-failover")]
    [InlineData("enable monitor", "-A", "--allow-failover")]
    public void Letters_of_options_are_those_of_2_0(string path, string letter, string option) =>
        CommandTree.Find(path)!.Create!(new FakeTerminal().Context).Options.Single(o => o.Aliases.Contains(letter)).Name.ShouldBe(option);

    [Fact]
    public async Task A_data_directory_may_be_called_like_the_command()
    {
        var terminal = new FakeTerminal();

        (await terminal.RunAsync("drop", "monitor", "--pgdata", "/nowhere/monitor")).ShouldBe(ExitCode.BadArguments);

        terminal.Error.ShouldContain("/nowhere/monitor/pg_autoctl.cfg");
    }

    [Fact]
    public void Every_command_can_be_built_and_no_option_name_is_used_twice()
    {
        var terminal = new FakeTerminal();
        foreach (var leaf in CommandTree.All.Concat(DoCommandTree.All).Where(e => e.Create is not null))
        {
            var command = leaf.Create!(terminal.Context);

            var names = command.Options.SelectMany(o => o.Aliases.Append(o.Name)).ToList();
            names.Distinct(StringComparer.Ordinal).Count().ShouldBe(names.Count, leaf.Path);
        }
    }
}
