using System.Net;
using System.Net.Sockets;
using PgAutoFailover.Cli.CommandLine;
using PgAutoFailover.Cli.Output;
using PgAutoFailover.Cli.Tmux;
using PgAutoFailover.Core.Vocabulary;
using Shouldly;

namespace PgAutoFailover.Cli.Tests.Tmux;

/// <summary>Commands below <c>do tmux</c> that need no cluster, because they refuse, or because there is nothing to do.</summary>
public sealed class TmuxCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTerminal _terminal = new();

    public TmuxCommandTests()
    {
        _terminal.Variables["PG_AUTOCTL_DEBUG"] = "1";
        _terminal.Variables["PATH"] = _directory.Path;
    }

    private string Root => Path.Join(_directory.Path, "root");

    [Theory]
    [InlineData("--nodes 0")]
    [InlineData("--nodes 13")]
    [InlineData("--nodes 2 --async-nodes 3")]
    [InlineData("--nodes 2 --sync-standbys 1")]
    [InlineData("--node-priorities 50,,50")]
    [InlineData("--node-priorities 101")]
    [InlineData("--node-priorities 1,2,3")]
    [InlineData("--layout round")]
    [InlineData("--first-pgport 80")]
    [InlineData("--first-pgport 65530")]
    [InlineData("--root /tmp/a'b")]
    [InlineData("--root /tmp/$HOME")]
    [InlineData("--binpath /tmp/a;b")]
    [InlineData("--citus")]
    public async Task What_cannot_be_is_refused_before_anything_is_made(string options)
    {
        foreach (var command in (string[])["script", "session", "compose config", "compose script", "compose session"])
        {
            (await _terminal.RunAsync([.. $"do tmux {command} {options}".Split(' ')])).ShouldBe(ExitCode.BadArguments);
        }

        _terminal.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_script_makes_nothing()
    {
        (await _terminal.RunAsync("do", "tmux", "script", "--root", Root, "--sync-standbys", "-1")).ShouldBe(ExitCode.Ok);
        (await _terminal.RunAsync("do", "tmux", "compose", "script", "--root", Root)).ShouldBe(ExitCode.Ok);
        (await _terminal.RunAsync("do", "tmux", "compose", "config", "--root", Root)).ShouldBe(ExitCode.Ok);

        _terminal.Output.ShouldNotContain("number-sync-standbys");
        Directory.Exists(Root).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_is_missing_is_named_and_nothing_is_made()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "a session is refused to root for that alone");
        (await _terminal.RunAsync("do", "tmux", "session", "--root", Root)).ShouldBe(ExitCode.Internal);
        _terminal.Error.ShouldContain("tmux in PATH");

        Program("tmux", "exit 1");
        (await _terminal.RunAsync("do", "tmux", "compose", "session", "--root", Root)).ShouldBe(ExitCode.Internal);
        _terminal.Error.ShouldContain("docker in PATH");
        Directory.Exists(Root).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_of_that_name_a_taken_port_and_a_directory_with_something_in_it_are_in_the_way()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "a session is refused to root for that alone");
        Program("tmux", "exit 0");
        (await _terminal.RunAsync("do", "tmux", "session", "--root", Root)).ShouldBe(ExitCode.BadState);
        _terminal.Error.ShouldContain("pgautofailover-5500");

        Program("tmux", "[ \"$1\" != has-session ]");
        using (var taken = new TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            var port = ((IPEndPoint)taken.LocalEndpoint).Port - 1;
            (await _terminal.RunAsync("do", "tmux", "session", "--root", Root, "--first-pgport", $"{port}")).ShouldBe(ExitCode.PostgresControl);
        }

        Directory.Exists(Root).ShouldBeFalse();
        Directory.CreateDirectory(Root);
        await File.WriteAllTextAsync(Path.Join(Root, "letter"), "", TestContext.Current.CancellationToken);
        (await _terminal.RunAsync("do", "tmux", "session", "--root", Root, "--first-pgport", "1025")).ShouldBe(ExitCode.BadState);
        Directory.GetFileSystemEntries(Root).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Containers_begin_with_volumes_of_their_own()
    {
        var calls = Path.Join(_directory.Path, "calls");
        Program("tmux", $"[ \"$1\" != has-session ] && echo tmux $* >>{calls}");
        Program("docker", $"echo docker $* >>{calls}");
        (await _terminal.RunAsync("do", "tmux", "compose", "session", "--root", Root, "--nodes", "1")).ShouldBe(ExitCode.Ok);

        (await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken)).ShouldBe(
            ["docker volume ls --quiet", "docker volume create vol_monitor", "docker volume create vol_node1", $"tmux start-server ; source-file {Root}/script-5500.tmux"]);
        Directory.GetFileSystemEntries(Root).Select(Path.GetFileName).Order().ShouldBe(["docker-compose.yml", "script-5500.tmux"]);
    }

    [Fact]
    public async Task A_volume_that_is_there_already_may_be_somebody_s()
    {
        Program("tmux", "[ \"$1\" != has-session ]");
        Program("docker", "echo vol_node1");
        (await _terminal.RunAsync("do", "tmux", "compose", "session", "--root", Root)).ShouldBe(ExitCode.BadState);

        _terminal.Error.ShouldContain("docker volume rm vol_node1");
        Directory.Exists(Root).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_nothing_is_there_is_nothing_to_stop_or_clean()
    {
        (await _terminal.RunAsync("do", "tmux", "stop", "--root", Root)).ShouldBe(ExitCode.Ok);
        (await _terminal.RunAsync("do", "tmux", "clean", "--root", Root)).ShouldBe(ExitCode.Ok);
        Directory.CreateDirectory(Path.Join(Root, "node1"));
        (await _terminal.RunAsync("do", "tmux", "clean", "--root", Root)).ShouldBe(ExitCode.Ok);

        Directory.Exists(Root).ShouldBeFalse();
    }

    [Fact]
    public async Task A_directory_that_is_no_session_is_not_removed()
    {
        Directory.CreateDirectory(Path.Join(Root, "monitor"));
        Directory.CreateDirectory(Path.Join(Root, "photographs"));

        (await _terminal.RunAsync("do", "tmux", "clean", "--root", Root)).ShouldBe(ExitCode.BadState);

        _terminal.Error.ShouldContain("photographs");
        Directory.GetFileSystemEntries(Root).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("monitor primary")]
    [InlineData("node1 happy")]
    [InlineData("node1 primary more")]
    public async Task What_never_comes_is_not_waited_for(string what) =>
        (await _terminal.RunAsync([.. $"do tmux wait --root {Root} {what}".Split(' ')])).ShouldBe(ExitCode.BadArguments);

    [Theory]
    [InlineData(1, true, "single/single")]
    [InlineData(2, false, "single/single")]
    [InlineData(2, true, "primary/primary", "secondary/secondary")]
    [InlineData(2, false, "wait_primary/primary", "secondary/secondary")]
    [InlineData(2, false, "primary/primary", "catchingup/secondary")]
    [InlineData(2, false, "secondary/secondary", "secondary/secondary")]
    [InlineData(1, true, "secondary/secondary", "primary/primary", "secondary/secondary")]
    public void A_formation_is_settled_when_one_takes_writes_and_the_others_follow(int nodes, bool settled, params string[] states) =>
        SessionWait.IsSettled([.. states.Select(Row)], nodes).ShouldBe(settled);

    public void Dispose() => _directory.Dispose();

    private static NodeRow Row(string states)
    {
        var words = states.Split('/');
        NodeStates.TryParse(words[0], out var reported).ShouldBeTrue();
        NodeStates.TryParse(words[1], out var goal).ShouldBeTrue();
        return new NodeRow("pgsql", "node", "localhost", 1, 0, 1, reported, goal, 1, "0/0", 1);
    }

    private void Program(string name, string script)
    {
        var path = Path.Join(_directory.Path, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
