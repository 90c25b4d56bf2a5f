using System.Diagnostics;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Hooks;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Hooks;

/// <summary>Hooks are real processes here.</summary>
public sealed class HookRunTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);
    private static readonly HookPlace s_place = new("default", 3, new(7, "node7", "host7", 5432), "/srv/node7");

    private readonly LogBook _log = new();

    [Theory]
    [InlineData("echo fine", true, "it ended with exit code 0: fine")]
    [InlineData("echo first; echo a backup is under way >&2; exit 3", false, "it ended with exit code 3: a backup is under way")]
    [InlineData("exit 1", false, "it ended with exit code 1")]
    [InlineData("printf 'red \\033[31m\\n'", true, "it ended with exit code 0: red  [31m")]
    [InlineData("kill -9 $$", false, "it ended with exit code 137")]
    public async Task Its_exit_code_is_its_answer_and_its_last_line_the_reason(string script, bool succeeds, string words) =>
        (await RunAsync(script, s_long)).ShouldBe(new HookEnd(succeeds, words));

    [Fact]
    public async Task A_program_that_is_not_there_fails_with_its_name() =>
        (await new HookRun(_log, TimeProvider.System).RunAsync("h", HookCommand.Parse("/no/such/program"), Facts(), s_long, Token))
            .Words.ShouldContain("/no/such/program");

    [Fact]
    public async Task When_its_time_is_over_it_ends_with_all_that_it_started()
    {
        using var directory = new DirectoryOfItsOwn();
        var pids = Path.Combine(directory.Path, "pids");
        var end = await RunAsync($"trap '' TERM; sh -c 'trap \"\" TERM; echo $$ >>{pids}; echo waiting; sleep 600' & echo $$ >>{pids}; sleep 600; wait", TimeSpan.FromSeconds(1));

        end.ShouldBe(new HookEnd(false, "it took longer than 1 s and was ended: waiting"));
        var started = (await File.ReadAllLinesAsync(pids, Token)).Select(int.Parse).ToList();
        started.Count.ShouldBe(2);
        await UntilAsync(() => !started.Exists(IsAlive));
    }

    [Fact]
    public async Task One_that_is_not_wanted_any_more_is_ended_too()
    {
        using var cancel = new CancellationTokenSource();
        var run = RunAsync("echo $$; exec sleep 600", s_long, Facts(), cancel.Token);
        await UntilAsync(() => _log.Has("h: "));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
        var pid = int.Parse(_log.ToString().Split("h: ")[1].Split('\n')[0]);
        await UntilAsync(() => !IsAlive(pid));
    }

    [Fact]
    public async Task What_it_leaves_running_in_the_background_does_not_keep_it_from_ending()
    {
        var end = await RunAsync("sleep 600 & echo $!", s_long);
        end.Succeeded.ShouldBeTrue();
        var pid = int.Parse(end.Words.Split(": ")[1]);
        IsAlive(pid).ShouldBeTrue("it is none of our business");
        using var left = Process.GetProcessById(pid);
        left.Kill();
    }

    [Fact]
    public async Task It_runs_in_a_group_of_its_own_and_what_it_prints_is_limited()
    {
        var end = await RunAsync("ps -o pgid= -p $$ | tr -d ' '; echo $$; seq 1 500", s_long);
        end.Words.ShouldEndWith(": 500");
        _log.Has("more than 100 lines").ShouldBeTrue();
        _log.Has("h: 98").ShouldBeTrue();
        _log.Has("h: 99").ShouldBeFalse();
        var lines = _log.ToString(int.MaxValue).Split('\n').Where(l => l.Contains("h: ", StringComparison.Ordinal)).Select(l => l.Split("h: ")[1]).ToList();
        lines[0].ShouldBe(lines[1]);
    }

    [Fact]
    public async Task It_is_told_the_facts_and_no_secret()
    {
        Environment.SetEnvironmentVariable("PGPASSWORD", "s3cret");
        Environment.SetEnvironmentVariable("PG_AUTOCTL_MONITOR", "postgres://u:s3cret@monitor/db");
        using var directory = new DirectoryOfItsOwn();
        var file = Path.Combine(directory.Path, "env");
        try
        {
            await RunAsync($"env | sort >{file}", s_long, HookEnvironment.AfterChange(
                s_place, new RoleChange(7, 3, NodeState.Secondary, NodeState.PreparePromotion), new HookNode(2, "node2", "host2", 5433, ClientPort: 6432)), Token);
            var after = await File.ReadAllTextAsync(file, Token);
            after.ShouldNotContain("s3cret");
            after.ShouldContain("PATH=");
            Own(after).ShouldBe(
                [
                    "PGDATA=/srv/node7", "PG_AUTOCTL_HOOK=after_change", "PG_AUTOCTL_HOOK_FORMATION=default", "PG_AUTOCTL_HOOK_FROM_STATE=secondary",
                    "PG_AUTOCTL_HOOK_GROUP=3", "PG_AUTOCTL_HOOK_NODE_HOST=host7", "PG_AUTOCTL_HOOK_NODE_ID=7", "PG_AUTOCTL_HOOK_NODE_NAME=node7",
                    "PG_AUTOCTL_HOOK_NODE_PORT=5432", "PG_AUTOCTL_HOOK_PRIMARY_HOST=host2", "PG_AUTOCTL_HOOK_PRIMARY_ID=2",
                    "PG_AUTOCTL_HOOK_PRIMARY_NAME=node2", "PG_AUTOCTL_HOOK_PRIMARY_PORT=5433", "PG_AUTOCTL_HOOK_TO_STATE=prepare_promotion",
                    "PG_AUTOCTL_HOOK_NODE_CLIENT_HOST=host7", "PG_AUTOCTL_HOOK_NODE_CLIENT_PORT=5432",
                    "PG_AUTOCTL_HOOK_PRIMARY_CLIENT_HOST=host2", "PG_AUTOCTL_HOOK_PRIMARY_CLIENT_PORT=6432",
                ],
                ignoreOrder: true);

            await RunAsync($"env | sort >{file}", s_long, HookEnvironment.BeforeChange(
                s_place, new HookQuestion { Id = 1, Nodes = [7], Operation = "promotion", Target = new(7, "node7", "host7", 5432, "db7.example.com", 6432) }), Token);
            Own(await File.ReadAllTextAsync(file, Token)).ShouldBe(
                [
                    "PGDATA=/srv/node7", "PG_AUTOCTL_HOOK=before_change", "PG_AUTOCTL_HOOK_FORMATION=default", "PG_AUTOCTL_HOOK_GROUP=3",
                    "PG_AUTOCTL_HOOK_NODE_HOST=host7", "PG_AUTOCTL_HOOK_NODE_ID=7", "PG_AUTOCTL_HOOK_NODE_NAME=node7", "PG_AUTOCTL_HOOK_NODE_PORT=5432",
                    "PG_AUTOCTL_HOOK_OPERATION=promotion", "PG_AUTOCTL_HOOK_TARGET_HOST=host7", "PG_AUTOCTL_HOOK_TARGET_ID=7",
                    "PG_AUTOCTL_HOOK_TARGET_NAME=node7", "PG_AUTOCTL_HOOK_TARGET_PORT=5432",
                    "PG_AUTOCTL_HOOK_NODE_CLIENT_HOST=host7", "PG_AUTOCTL_HOOK_NODE_CLIENT_PORT=5432",
                    "PG_AUTOCTL_HOOK_TARGET_CLIENT_HOST=db7.example.com", "PG_AUTOCTL_HOOK_TARGET_CLIENT_PORT=6432",
                ],
                ignoreOrder: true);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGPASSWORD", null);
            Environment.SetEnvironmentVariable("PG_AUTOCTL_MONITOR", null);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Dictionary<string, string> Facts() => HookEnvironment.AfterChange(s_place, new RoleChange(7, 3, NodeState.Init, NodeState.Single), null);

    private static IEnumerable<string> Own(string environment) =>
        environment.Split('\n').Where(l => l.StartsWith("PG_AUTOCTL", StringComparison.Ordinal) || l.StartsWith("PGDATA", StringComparison.Ordinal));

    private static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Trim()[0] is not ('Z' or 'X');

    private static async Task UntilAsync(Func<bool> condition)
    {
        var time = TimeProvider.System;
        for (var started = time.GetTimestamp(); !condition(); await Task.Delay(TimeSpan.FromMilliseconds(20), time, Token))
        {
            time.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        }
    }

    private Task<HookEnd> RunAsync(string script, TimeSpan limit) => RunAsync(script, limit, Facts(), Token);

    private Task<HookEnd> RunAsync(string script, TimeSpan limit, Dictionary<string, string> environment, CancellationToken cancellationToken) =>
        new HookRun(_log, TimeProvider.System).RunAsync("h", new HookCommand("sh", ["-c", script]), environment, limit, cancellationToken);

    private sealed class DirectoryOfItsOwn : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("pgaf-hook-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
