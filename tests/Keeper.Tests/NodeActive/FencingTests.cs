using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.NodeActive;

public sealed class FencingTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_primary_that_reaches_neither_monitor_nor_standby_stops_itself_after_the_timeout_and_not_before()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Server.WalSenders = [];
        var cutAt = rig.Time.Now;
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
        (rig.Time.Now - cutAt).ShouldBeInRange(s_limit - TimeSpan.FromSeconds(1.5), s_limit + TimeSpan.FromSeconds(3));
        await rig.UntilAsync(() => rig.Role == NodeState.DemoteTimeout, "is in demote_timeout");
        rig.Log.Has("network_partition_timeout").ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_to_the_monitor_that_hangs_does_not_delay_it()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Hang();
        rig.Server.WalSenders = [];
        var cutAt = rig.Time.Now;
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
        (rig.Time.Now - cutAt).ShouldBeLessThan(s_limit + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Neither_does_a_query_to_PostgreSQL_that_hangs()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Server.Hold("Observe");
        var cutAt = rig.Time.Now;
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
        (rig.Time.Now - cutAt).ShouldBeLessThan(s_limit + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Nor_work_that_ignores_its_cancellation()
    {
        await using var rig = await PrimaryAsync();
        rig.Server.HoldForGood("EnsureSlots");
        rig.Monitor.Notify(2, NodeState.Secondary);
        await rig.UntilAsync(() => rig.Server.Count("EnsureSlots") > 0, "maintains slots");
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Server.WalSenders = [];
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
        rig.Server.Release("EnsureSlots");
    }

    [Fact]
    public async Task A_standby_that_answers_keeps_a_primary_without_a_monitor_alive()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        await rig.PassAsync(s_limit * 3);
        rig.Server.IsRunning.ShouldBeTrue();
        rig.Role.ShouldBe(NodeState.Primary);
    }

    [Fact]
    public async Task A_walsender_whose_standby_has_gone_silent_does_not()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x3000060), secondsSinceReply: 25)];
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
    }

    /// <summary>With the others of three standbys, of which writes wait for two, another primary may be elected beyond the cut.</summary>
    [Fact]
    public async Task Neither_do_fewer_standbys_than_a_commit_waits_for()
    {
        await using var rig = await PrimaryAsync();
        rig.Server.Sync = "ANY 2 (pgautofailover_standby_2, pgautofailover_standby_3, pgautofailover_standby_4)";
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x3000060)), KeeperRig.Streaming(new Lsn(0x3000060)) with { ApplicationName = "pgautofailover_standby_9", SyncState = "async" }];
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
    }

    [Fact]
    public async Task As_many_as_a_commit_waits_for_keep_a_primary_without_a_monitor_alive()
    {
        await using var rig = await PrimaryAsync();
        rig.Server.Sync = "ANY 2 (pgautofailover_standby_2, pgautofailover_standby_3, pgautofailover_standby_4)";
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x3000060)), KeeperRig.Streaming(new Lsn(0x3000060)) with { ApplicationName = "pgautofailover_standby_4" }];
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        await rig.PassAsync(s_limit * 3);
        rig.Server.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task A_primary_without_standby_goes_on_while_the_monitor_answers()
    {
        await using var rig = await PrimaryAsync();
        rig.Server.WalSenders = [];
        await rig.PassAsync(s_limit * 3);
        rig.Server.IsRunning.ShouldBeTrue();
    }

    [Theory]
    [InlineData(NodeState.WaitPrimary)]
    [InlineData(NodeState.Single)]
    public async Task A_node_that_nobody_can_replace_goes_on_without_a_monitor(NodeState role)
    {
        await using var rig = new KeeperRig(role);
        rig.Server.IsRunning = true;
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        await rig.PassAsync(s_limit * 3);
        rig.Server.IsRunning.ShouldBeTrue();
        rig.Role.ShouldBe(role);
    }

    [Fact]
    public async Task A_fenced_node_starts_again_only_when_the_monitor_says_so()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Server.WalSenders = [];
        await rig.UntilAsync(() => rig.Role == NodeState.DemoteTimeout, "is fenced");
        await rig.PassAsync(s_limit);
        rig.Server.IsRunning.ShouldBeFalse();

        rig.Monitor.Failure = null;
        await rig.UntilAsync(() => rig.Role == NodeState.Primary, "is primary again");
        rig.Server.IsRunning.ShouldBeTrue();
        rig.Monitor.Reports.ShouldContain(r => r.CurrentState == NodeState.DemoteTimeout);
    }

    [Fact]
    public async Task A_process_that_was_frozen_for_longer_than_its_lease_asks_the_monitor_before_it_fences()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Goal = NodeState.Draining;
        rig.Time.Advance(TimeSpan.FromMinutes(5));
        await rig.UntilAsync(() => rig.Role == NodeState.Draining, "obeys the monitor");
        rig.Log.Has("did not run for").ShouldBeTrue();
        rig.Log.Has("Cut off").ShouldBeFalse();
    }

    [Fact]
    public async Task A_frozen_process_that_finds_no_monitor_either_fences_at_once()
    {
        await using var rig = await PrimaryAsync();
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Server.WalSenders = [];
        rig.Time.Advance(TimeSpan.FromMinutes(5));
        var thawedAt = rig.Time.Now;
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
        (rig.Time.Now - thawedAt).ShouldBeLessThan(TimeSpan.FromSeconds(6));
    }

    private static async Task<KeeperRig> PrimaryAsync()
    {
        var rig = new KeeperRig(NodeState.Primary);
        rig.Server.IsRunning = true;
        rig.Server.Sync = rig.Monitor.Sync;
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x3000060))];
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is { PgIsRunning: true }, "reports");
        return rig;
    }
}
