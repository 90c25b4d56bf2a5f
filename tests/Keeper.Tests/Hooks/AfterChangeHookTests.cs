using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Hooks;
using PgAutoFailover.Keeper.Monitor;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Hooks;

public sealed class AfterChangeHookTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pgaf-after-").FullName;
    private readonly AfterChangeHook _hook;
    private bool _isEnded;
    private HookSettings _settings = HookSettings.None;
    private Func<HookNode?> _primary = () => new(2, "node2", "host2", 5433, "db2.example.com");

    public AfterChangeHookTests() => _hook = new AfterChangeHook(
        () => _settings,
        change => new HookPlace("default", change.GroupId, new HookNode(change.NodeId, "node1", "host1", 5432), "/data"),
        (_, _) => Task.Run(() => _primary(), Token),
        NullLogger<AfterChangeHook>.Instance,
        TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Told => Path.Combine(_directory, "told");

    [Fact]
    public async Task Changes_are_told_one_after_the_other_in_their_order_and_nobody_waits_for_that()
    {
        // One that began before the other has ended would find the directory.
        Use($"mkdir {_directory}/busy || echo overlap >>{Told}; sleep 0.1; echo $PG_AUTOCTL_HOOK_FROM_STATE-$PG_AUTOCTL_HOOK_TO_STATE $PG_AUTOCTL_HOOK_PRIMARY_NAME >>{Told}; rmdir {_directory}/busy; exit 1");
        var started = TimeProvider.System.GetTimestamp();
        _primary = () => throw new MonitorException("is away");
        Tell(NodeState.Secondary, NodeState.PreparePromotion);
        Tell(NodeState.PreparePromotion, NodeState.StopReplication);
        Tell(NodeState.StopReplication, NodeState.WaitPrimary);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMilliseconds(100));
        await _hook.DrainAsync(Token);

        (await File.ReadAllLinesAsync(Told, Token)).Select(l => l.TrimEnd()).ShouldBe(
            ["secondary-prepare_promotion", "prepare_promotion-stop_replication", "stop_replication-wait_primary node1"]);
    }

    [Fact]
    public async Task The_primary_is_told_where_the_monitor_knows_it()
    {
        Use($"echo $PG_AUTOCTL_HOOK_PRIMARY_NAME $PG_AUTOCTL_HOOK_PRIMARY_HOST $PG_AUTOCTL_HOOK_PRIMARY_PORT $PG_AUTOCTL_HOOK_PRIMARY_CLIENT_HOST $PG_AUTOCTL_HOOK_PRIMARY_CLIENT_PORT >>{Told}");
        Tell(NodeState.CatchingUp, NodeState.Secondary);
        await _hook.DrainAsync(Token);
        (await File.ReadAllLinesAsync(Told, Token)).ShouldBe(["node2 host2 5433 db2.example.com 5433"]);
    }

    [Fact]
    public async Task The_queue_has_an_end_and_what_comes_later_is_told_again()
    {
        Use($"while [ ! -e {_directory}/go ]; do sleep 0.02; done; echo $PG_AUTOCTL_HOOK_NODE_ID >>{Told}");
        for (var i = 1; i <= AfterChangeHook.MostWaiting + 5; i++)
        {
            _hook.Tell(new RoleChange(i, 0, NodeState.Secondary, NodeState.CatchingUp));
        }

        await File.WriteAllTextAsync(Path.Combine(_directory, "go"), "", Token);
        await _hook.DrainAsync(Token);
        _hook.Tell(new RoleChange(1000, 0, NodeState.Secondary, NodeState.CatchingUp));
        await _hook.DrainAsync(Token);
        (await File.ReadAllLinesAsync(Told, Token)).Select(int.Parse).ShouldBe([.. Enumerable.Range(1, AfterChangeHook.MostWaiting), 1000]);
    }

    [Fact]
    public async Task Without_a_hook_nothing_is_run_and_one_that_runs_ends_with_us()
    {
        Tell(NodeState.CatchingUp, NodeState.Secondary);
        await _hook.DrainAsync(Token);
        Use($"echo began >>{Told}; exec sleep 600");
        Tell(NodeState.CatchingUp, NodeState.Secondary);
        while (!File.Exists(Told))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }

        await EndAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        (await File.ReadAllLinesAsync(Told, Token)).ShouldBe(["began"]);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task EndAsync()
    {
        if (!_isEnded)
        {
            _isEnded = true;
            await _hook.DisposeAsync();
        }
    }

    private void Use(string script) => _settings = new HookSettings { AfterChange = new HookCommand("sh", ["-c", script]) };

    private void Tell(NodeState from, NodeState to) => _hook.Tell(new RoleChange(1, 0, from, to));
}
