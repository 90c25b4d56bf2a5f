using System.Collections.Concurrent;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Monitor;

/// <summary>The monitor hears of a node's name and address as soon as it is there, and PostgreSQL moves after that.</summary>
public sealed class MetadataWatchTests : IDisposable
{
    private readonly FakeMonitor _monitor = new() { Registered = { new(1, 0, "node1", "localhost", 5501, NodeState.Single, NodeState.Single) } };
    private readonly LogBook _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<int> _moves = new();
    private readonly MetadataWatch _watch;
    private Action? _onMove;
    private KeeperSettings _wanted = new() { Name = "node1", Host = "localhost", Port = 5501 };

    public MetadataWatchTests() => _watch = new MetadataWatch(_monitor, "default", nodeId: 1, () => _wanted, Move, _log, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_reload_has_changed_is_told_when_the_monitor_is_back() => await WhileItRunsAsync(async () =>
    {
        _monitor.MetadataTold.ShouldBeEmpty();

        _monitor.Failure = FakeMonitor.Unreachable();
        _wanted = _wanted with { Name = "paris", Host = "db1.example.com", Port = 5599 };
        await ReloadAsync();
        await PassAsync();
        _monitor.MetadataTold.ShouldBeEmpty();
        _moves.ShouldNotContain(5599);
        _log.ToString(int.MaxValue).ShouldBeEmpty();

        _monitor.Failure = null;
        await PassAsync();
        _monitor.MetadataTold.ShouldBe([("paris", "db1.example.com", 5599)]);
        _moves.Last().ShouldBe(5599);

        await PassAsync();
        _monitor.MetadataTold.Count.ShouldBe(1);
    });

    [Fact]
    public async Task What_was_changed_while_no_keeper_ran_is_told_when_one_begins()
    {
        _wanted = _wanted with { Host = "db1.example.com" };
        await WhileItRunsAsync(() =>
        {
            _monitor.MetadataTold.ShouldBe([("node1", "db1.example.com", 5501)]);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_name_that_the_monitor_has_chosen_and_an_address_that_was_changed_there_stay() => await WhileItRunsAsync(async () =>
    {
        _monitor.Registered[0] = _monitor.Registered[0] with { Name = "other", Host = "10.0.0.7" };
        await PassAsync();
        _monitor.MetadataTold.ShouldBeEmpty();

        _wanted = _wanted with { Name = "" };
        await ReloadAsync();
        _monitor.MetadataTold.ShouldBe([("other", "localhost", 5501)]);
    });

    [Fact]
    public async Task A_refusal_is_said_once_and_keeps_PostgreSQL_where_it_is_until_it_is_over() => await WhileItRunsAsync(async () =>
    {
        _monitor.MetadataRefusal = new MonitorException("duplicate key value") { SqlState = "23505", Detail = "node2 has that name" };
        _wanted = _wanted with { Name = "node2", Port = 5502 };
        await ReloadAsync();
        await PassAsync();
        _log.ToString(int.MaxValue).Split("duplicate key value (node2 has that name)").Length.ShouldBe(2);
        _moves.ShouldNotContain(5502);

        _monitor.MetadataRefusal = null;
        await PassAsync();
        _moves.Last().ShouldBe(5502);
    });

    [Fact]
    public async Task A_node_that_the_monitor_does_not_know_is_no_matter_of_this()
    {
        _monitor.Registered.Clear();
        await WhileItRunsAsync(() =>
        {
            _monitor.MetadataTold.ShouldBeEmpty();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_reload_in_the_middle_of_telling_is_not_forgotten() => await WhileItRunsAsync(async () =>
    {
        _onMove = () =>
        {
            _onMove = null;
            _wanted = _wanted with { Port = 5600 };
            _watch.Reload();
        };
        _wanted = _wanted with { Port = 5599 };
        await ReloadAsync();
        _moves.Last().ShouldBe(5600);
        _monitor.MetadataTold.Last().Port.ShouldBe(5600);
    });

    public void Dispose() => _watch.Dispose();

    private void Move(KeeperSettings settings)
    {
        _moves.Enqueue(settings.Port);
        _onMove?.Invoke();
    }

    private async Task WhileItRunsAsync(Func<Task> story)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = _watch.RunAsync(ending.Token);
        await RestAsync();
        await story();
        await ending.CancelAsync();
        await running;
    }

    private async Task ReloadAsync()
    {
        var sleeps = _time.Sleeps;
        _watch.Reload();
        while (_time.Sleeps == sleeps)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
        }
    }

    private async Task PassAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        await RestAsync();
    }

    private async Task RestAsync()
    {
        while (!_time.LoopSleeps)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
        }
    }
}
