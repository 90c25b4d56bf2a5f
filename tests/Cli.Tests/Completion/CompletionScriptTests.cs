using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Configuration;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Completion;

/// <summary>The script, run by a real bash with the words that it makes of a command line up to the cursor.</summary>
public sealed class CompletionScriptTests
{
    [Theory]
    [InlineData("pg_autoctl per", "perform")]
    [InlineData("pg_autoctl show st", "standby-names state")]
    [InlineData("pg_autoctl -v show sta", "state standby-names")]
    [InlineData("pg_autoctl get formation ", "--help --quiet --verbose --version number-sync-standbys settings")]
    [InlineData("pg_autoctl show state --for", "--formation")]
    [InlineData("pg_autoctl show state --json --l", "--local")]
    [InlineData("pg_autoctl create monitor --ssl-mode ver", "verify-ca verify-full")]
    [InlineData("pg_autoctl create monitor --ssl-mode = ver", "verify-ca verify-full")]
    [InlineData("pg_autoctl create monitor --ssl-mode =", "allow disable prefer require verify-ca verify-full")]
    [InlineData("pg_autoctl create postgres --auth scr", "scram-sha-256")]
    [InlineData("pg_autoctl create formation --kind ", "citus pgsql")]
    [InlineData("pg_autoctl create formation --formation ", "")]
    [InlineData("pg_autoctl config get ssl.c", "ssl.ca_file ssl.cert_file ssl.crl_file")]
    [InlineData("pg_autoctl config set --pg", "--pgdata")]
    [InlineData("pg_autoctl set node replication-quorum ", "true false")]
    [InlineData("pg_autoctl do", "")]
    [InlineData("pg_autoctl nonsense --f", "")]
    public async Task Commands_options_and_known_values_are_completed(string line, string expected) =>
        (await CompleteAsync(line, debug: false)).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);

    [Theory]
    [InlineData("pg_autoctl do fsm assign wait_", "wait_maintenance wait_primary wait_standby")]
    [InlineData("pg_autoctl do monitor get c", "candidate-count coordinator")]
    public async Task What_is_below_do_is_completed_where_it_is_there(string line, string expected) =>
        (await CompleteAsync(line, debug: true)).ShouldBe(expected.Split(' '), ignoreOrder: true);

    [Theory]
    [InlineData("pg_autoctl perform promotion --name ", "completion nodes", "")]
    [InlineData("pg_autoctl perform promotion --pgdata /srv/a -f blue --name n", "completion nodes --pgdata /srv/a -f blue", "n")]
    [InlineData("pg_autoctl show state --monitor = postgres : //h : 5432/x --formation = ", "completion formations --monitor=postgres://h:5432/x", "")]
    [InlineData("pg_autoctl explain --monitor postgres : //u @ h --if-lost n", "completion nodes --monitor postgres://u@h", "n")]
    [InlineData("pg_autoctl explain --monitor 'postgres://u@h/x?sslmode=require' --if-lost n", "completion nodes --monitor postgres://u@h/x?sslmode=require", "n")]
    [InlineData("pg_autoctl explain --pgdata=\"/srv/a\" --if-lost n", "completion nodes --pgdata=/srv/a", "n")]
    public async Task Names_are_asked_for_with_the_monitor_that_the_line_names(string line, string question, string beginning)
    {
        using var folder = new TemporaryDirectory();
        var program = Path.Join(folder.Path, "pg_autoctl");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nif [ \"$*\" = \"{question}\" ]; then echo node1; echo other; fi\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var names = await CompleteAsync(line.Replace("pg_autoctl", program, StringComparison.Ordinal), debug: false);

        names.ShouldBe(new[] { "node1", "other" }.Where(n => n.StartsWith(beginning, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Directories_are_completed_with_blanks_in_their_names()
    {
        using var folder = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Join(folder.Path, "my node"));
        await File.WriteAllTextAsync(Path.Join(folder.Path, "my file"), "", TestContext.Current.CancellationToken);

        (await CompleteAsync($"pg_autoctl run --pgdata {folder.Path}/m", debug: false)).ShouldBe([$"{folder.Path}/my node"]);
    }

    [Fact]
    public async Task Every_option_of_every_command_is_offered()
    {
        var terminal = new FakeTerminal();
        (await terminal.RunAsync("completion", "bash")).ShouldBe(ExitCode.Ok);
        foreach (var entry in CommandTree.All.Where(e => e.Create is not null))
        {
            var row = terminal.Output.Split('\n').Single(l => l.TrimStart().StartsWith($"\"{entry.Path}\")", StringComparison.Ordinal));
            foreach (var option in entry.Create!(terminal.Context).Options.Where(o => !o.Hidden))
            {
                row.ShouldContain(option.Name, customMessage: entry.Path);
            }
        }

        ConfigKeys.Paths.ShouldAllBe(p => terminal.Output.Contains(p, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_monitor_that_says_nothing_is_waited_for_a_second_at_most()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var terminal = new FakeTerminal { Variables = { ["PGCONNECT_TIMEOUT"] = "600" } };
        var started = TimeProvider.System.GetTimestamp();

        (await terminal.RunAsync("completion", "nodes", "--monitor", $"postgres://a@127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}/b")).ShouldBe(ExitCode.Monitor);

        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10)); // it gives up; how punctually is up to the machine
        terminal.Output.ShouldBeEmpty();
    }

    /// <param name="line">Words as bash has them, separated by blanks; the last is the one to complete.</param>
    private static async Task<string[]> CompleteAsync(string line, bool debug)
    {
        var terminal = new FakeTerminal();
        if (debug)
        {
            terminal.Variables["PG_AUTOCTL_DEBUG"] = "1";
        }

        (await terminal.RunAsync("completion", "bash")).ShouldBe(ExitCode.Ok);
        var script = $"""
            set -u
            {terminal.Output}
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _pg_autoctl_complete
            complete -p pg_autoctl >&2
            printf '%s\n' "${"{"}COMPREPLY[@]{"}"}"
            """;
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script, "bash", .. line.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var bash = Process.Start(start).ShouldNotBeNull();
        var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        error.ShouldBe("complete -F _pg_autoctl_complete pg_autoctl\n");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
