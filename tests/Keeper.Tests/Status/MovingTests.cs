using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Status;

/// <summary>What the service manager's watchdog takes for life: the loop's rounds, and nothing that only takes long.</summary>
public sealed class MovingTests : IAsyncDisposable
{
    private static readonly TimeSpan s_span = TimeSpan.FromSeconds(15);

    private readonly KeeperRig _rig = new(NodeState.WaitStandby);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_copy_that_takes_long_is_no_standstill_nor_is_a_monitor_that_is_away_but_a_loop_without_rounds_is()
    {
        _rig.Server.DataDirectoryExists = false;
        _rig.Server.Hold("BaseBackup");
        _rig.Monitor.Goal = NodeState.CatchingUp;
        _rig.Start();
        await _rig.UntilAsync(() => _rig.Server.Count("BaseBackup") == 1, "a base backup begins");
        await _rig.PassAsync(2 * s_span);
        Moves().ShouldBeTrue();

        _rig.Monitor.Failure = FakeMonitor.Unreachable();
        await _rig.PassAsync(2 * s_span);
        Moves().ShouldBeTrue();

        // All that passes is time.
        var status = _rig.Status!; // rounds have ended
        _rig.Time.Advance(s_span);
        Serving.Moves(status, s_span, _rig.Time).ShouldBeFalse();

        var now = status with { At = _rig.Time.GetTimestamp() };
        Serving.Moves(now with { ReportingSince = now.At }, s_span, _rig.Time).ShouldBeTrue();
        Serving.Moves(now with { ReportingSince = now.At - (60 * _rig.Time.TimestampFrequency) }, s_span, _rig.Time).ShouldBeFalse("a report is given up after seconds");
    }

    private bool Moves() => Serving.Moves(_rig.Status!, s_span, _rig.Time); // rounds have ended
}
