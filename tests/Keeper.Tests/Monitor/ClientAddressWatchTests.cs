using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Monitor;

/// <summary>The monitor hears where applications find a node, whatever it knew before, and once.</summary>
public sealed class ClientAddressWatchTests : IDisposable
{
    private static readonly ClientAddress s_outside = new("db1.example.com", 6432);

    private readonly FakeMonitor _monitor = new();
    private readonly LogBook _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ClientAddressWatch _watch;
    private ClientAddress _wanted = s_outside;

    public ClientAddressWatchTests() => _watch = new ClientAddressWatch(_monitor, nodeId: 1, () => _wanted, _log, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_told_once_and_again_when_either_side_has_changed()
    {
        await _watch.CompareAsync(Token);
        await _watch.CompareAsync(Token);
        _monitor.ClientsTold.ShouldBe([s_outside]);

        // Restored from a backup, for example.
        _monitor.Client = default(ClientAddress);
        await _watch.CompareAsync(Token);
        _monitor.ClientsTold.ShouldBe([s_outside, s_outside]);

        _wanted = default;
        await _watch.CompareAsync(Token);
        _monitor.ClientsTold.Last().IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_reload_and_time_have_it_look_again()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = _watch.RunAsync(ending.Token);
        await UntilAsync(() => _monitor.ClientsTold.Count == 1 && _time.LoopSleeps);

        _wanted = new(null, 5433);
        _watch.Reload();
        await UntilAsync(() => _monitor.ClientsTold.Count == 2 && _time.LoopSleeps);

        _monitor.Client = s_outside;
        _time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => _monitor.ClientsTold.Count == 3);

        await ending.CancelAsync();
        await running;
        _monitor.Client.ShouldBe(new ClientAddress(null, 5433));
    }

    [Fact]
    public async Task A_monitor_of_an_earlier_version_is_complained_of_once_and_told_when_it_is_upgraded()
    {
        _monitor.Client = null;
        await _watch.CompareAsync(Token);
        await _watch.CompareAsync(Token);
        _log.ToString(int.MaxValue).Split("has no effect").Length.ShouldBe(2);
        _monitor.ClientsTold.ShouldBeEmpty();

        _monitor.Client = default(ClientAddress);
        await _watch.CompareAsync(Token);
        _monitor.ClientsTold.ShouldBe([s_outside]);
    }

    [Fact]
    public async Task Where_nothing_is_set_an_earlier_version_is_no_matter_and_one_that_is_away_is_asked_again()
    {
        _monitor.Failure = FakeMonitor.Unreachable();
        await _watch.CompareAsync(Token);
        (_monitor.Failure, _monitor.Client, _wanted) = (null, null, default);
        await _watch.CompareAsync(Token);
        _log.ToString(int.MaxValue).ShouldBeEmpty();

        (_monitor.Client, _wanted) = (default(ClientAddress), s_outside);
        await _watch.CompareAsync(Token);
        _monitor.ClientsTold.ShouldBe([s_outside]);
    }

    public void Dispose() => _watch.Dispose();

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
        }
    }
}
