using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.Tests.Fakes;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.NodeActive;

public sealed class StartingTests
{
    [Theory]
    [InlineData(NodeState.Primary)]
    [InlineData(NodeState.WaitPrimary)]
    [InlineData(NodeState.Single)]
    public async Task A_stopped_primary_is_not_started_before_the_monitor_has_answered(NodeState role)
    {
        await using var rig = new KeeperRig(role);
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Start();
        await rig.PassAsync(TimeSpan.FromSeconds(60));
        rig.Server.Count("Start").ShouldBe(0);

        rig.Monitor.Failure = null;
        await rig.UntilAsync(() => rig.Server.IsRunning, "starts");
    }

    [Fact]
    public async Task A_stopped_former_primary_is_not_started_when_the_monitor_has_replaced_it()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Monitor.Goal = NodeState.Demoted;
        rig.Start();
        await rig.UntilAsync(() => rig.Role == NodeState.Demoted, "is demoted");
        rig.Server.Count("Start").ShouldBe(0);
    }

    [Fact]
    public async Task A_running_primary_is_left_running_while_the_monitor_is_away()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Server.IsRunning = true;
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x3000060))];
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Start();
        await rig.PassAsync(TimeSpan.FromSeconds(60));
        rig.Server.Count("Start").ShouldBe(1, "it is taken charge of");
        rig.Server.Count("Stop").ShouldBe(0);
    }

    [Fact]
    public async Task A_stopped_standby_is_started_without_asking()
    {
        await using var rig = new KeeperRig(NodeState.Secondary);
        rig.Server.InRecovery = true;
        rig.Server.Control = rig.Server.Control with { State = "shut down in recovery" };
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Start();
        await rig.UntilAsync(() => rig.Server.IsRunning, "starts");
    }

    [Theory]
    [InlineData(NodeState.CatchingUp)]
    [InlineData(NodeState.Secondary)]
    public async Task A_rewrite_that_was_called_off_in_between_is_carried_on(NodeState role)
    {
        await using var rig = new KeeperRig(role);
        rig.Store.Save(rig.Store.State! with { RewritingPgData = true });
        rig.Start();
        await rig.UntilAsync(() => rig.Server.IsRunning, "runs");
        rig.Server.Calls.Where(call => call is "BaseBackup" or "WriteStandbySettings" or "Start").Take(3).ShouldBe(["BaseBackup", "WriteStandbySettings", "Start"]);
        rig.Store.State.ShouldNotBeNull().RewritingPgData.ShouldBeFalse();
    }

    [Fact]
    public async Task A_copy_that_has_no_standby_settings_yet_gets_them_before_it_starts()
    {
        await using var rig = new KeeperRig(NodeState.CatchingUp);
        rig.Store.Save(rig.Store.State! with { FreshCopy = true });
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Start();
        await rig.PassAsync(TimeSpan.FromSeconds(10));
        rig.Server.Count("Start").ShouldBe(0);

        rig.Monitor.Failure = null;
        await rig.UntilAsync(() => rig.Server.IsRunning, "runs");
        rig.Server.Calls.Where(call => call is "BaseBackup" or "WriteStandbySettings" or "Start").Take(2).ShouldBe(["WriteStandbySettings", "Start"]);
    }

    [Fact]
    public async Task A_standby_that_may_have_been_promoted_just_before_the_keeper_died_is_not_started_without_asking()
    {
        await using var rig = new KeeperRig(NodeState.Secondary);
        rig.Server.Control = rig.Server.Control with { State = "in production" };
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Start();
        await rig.PassAsync(TimeSpan.FromSeconds(10));
        rig.Server.Count("Start").ShouldBe(0);
    }

    [Fact]
    public async Task A_crashed_primary_is_restarted_in_place_and_reported_as_running_meanwhile()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Server.IsRunning = true;
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is { PgIsRunning: true }, "reports");
        rig.Server.Crash();
        await rig.UntilAsync(() => rig.Server.IsRunning, "starts again");
        rig.Monitor.Reports.ShouldAllBe(r => r.PgIsRunning);
    }

    [Fact]
    public async Task A_primary_that_cannot_be_restarted_is_reported_as_down_when_the_limits_are_exceeded()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Server.IsRunning = true;
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is { PgIsRunning: true }, "reports");
        rig.Server.Fail("Start", "pg_control is missing");
        rig.Server.Crash();
        await rig.UntilAsync(() => rig.Monitor.LastReport is { PgIsRunning: false }, "is reported as down");
        rig.Server.Count("Start").ShouldBeInRange(3, 6);
        rig.Log.Has("pg_control is missing").ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_that_will_not_go_away_is_reported_at_once()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Server.Phase = PostgresPhase.Failed;
        rig.Server.Fail("Start");
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Monitor.LastReport!.PgIsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task A_standby_that_stays_down_is_reported_after_a_second()
    {
        await using var rig = new KeeperRig(NodeState.Secondary);
        (rig.Server.IsRunning, rig.Server.InRecovery) = (true, true);
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is { PgIsRunning: true }, "reports");
        rig.Server.Hold("Start");
        rig.Server.Crash();
        var crashedAt = rig.Time.Now;
        await rig.UntilAsync(() => rig.Monitor.LastReport is { PgIsRunning: false }, "is reported as down");
        (rig.Time.Now - crashedAt).ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_node_that_was_to_be_stopped_and_runs_is_stopped()
    {
        await using var rig = new KeeperRig(NodeState.Demoted);
        rig.Server.IsRunning = true;
        rig.Monitor.Failure = FakeMonitor.Unreachable();
        rig.Start();
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
    }

    [Fact]
    public async Task A_data_directory_that_is_half_rewritten_is_never_started()
    {
        await using var rig = new KeeperRig(NodeState.Demoted);
        rig.Store.Save(rig.Store.State! with { RewritingPgData = true });
        rig.Monitor.Goal = NodeState.Single;
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("was being rewritten"), "says why");
        rig.Server.Count("Start").ShouldBe(0);

        rig.Monitor.Assign(NodeState.CatchingUp);
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "is rebuilt");
        rig.Server.Calls.ShouldContain("BaseBackup");
        rig.Server.Calls.ShouldNotContain("Rewind");
    }

    [Fact]
    public async Task A_node_that_the_monitor_does_not_know_stops_and_says_so()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Server.IsRunning = true;
        rig.Monitor.Failure = new MonitorException("couldn't find node with nodeid 1") { SqlState = MonitorException.UndefinedObject };
        rig.Start();
        await rig.UntilAsync(() => rig.Run.IsCompleted, "ends");
        (await rig.Run).ShouldBe(KeeperOutcome.Unknown);
        rig.Server.IsRunning.ShouldBeFalse();
        rig.Role.ShouldBe(NodeState.Dropped);
    }

    [Fact]
    public async Task A_node_that_is_removed_by_force_while_it_runs_stops()
    {
        await using var rig = new KeeperRig(NodeState.Primary);
        rig.Server.IsRunning = true;
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Monitor.Failure = new MonitorException("couldn't find node with nodeid 1") { SqlState = MonitorException.UndefinedObject };
        await rig.UntilAsync(() => rig.Run.IsCompleted, "ends");
        (await rig.Run).ShouldBe(KeeperOutcome.Dropped);
        rig.Server.IsRunning.ShouldBeFalse();
    }

    [Fact]
    public async Task A_port_that_changes_restarts_PostgreSQL_once()
    {
        await using var rig = new KeeperRig(NodeState.Secondary) { Server = { IsRunning = true, InRecovery = true } };
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("Applied the current configuration"), "runs");
        rig.Server.Count("Restart").ShouldBe(0);

        rig.Reload(rig.Settings with { Port = 5599 });
        await rig.UntilAsync(() => rig.Server.Count("Restart") > 0, "restarts");
        await rig.PassAsync(TimeSpan.FromSeconds(3));
        rig.Server.Count("Restart").ShouldBe(1);
    }

    [Fact]
    public async Task A_reload_that_fails_or_has_to_make_way_is_carried_out_later()
    {
        await using var rig = new KeeperRig(NodeState.Secondary) { Server = { IsRunning = true, InRecovery = true } };
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("Applied the current configuration"), "runs");

        rig.Server.Fail("WriteSettings");
        rig.Reload(rig.Settings with { Port = 5599 });
        await rig.UntilAsync(() => rig.Log.Has("it was told to fail"), "fails");
        rig.Server.Heal("WriteSettings");
        await rig.UntilAsync(() => rig.Server.Count("Restart") == 1, "restarts");

        rig.Server.Hold("WriteSettings");
        var before = rig.Server.Count("WriteSettings");
        rig.Reload(rig.Settings with { Port = 5600 });
        await rig.UntilAsync(() => rig.Server.Count("WriteSettings") > before, "begins");
        rig.Monitor.Assign(NodeState.ReportLsn);
        await rig.UntilAsync(() => rig.Role == NodeState.ReportLsn, "the goal is reached");
        rig.Server.Release("WriteSettings");
        await rig.UntilAsync(() => rig.Server.Count("Restart") == 2, "restarts again");
    }

    [Fact]
    public async Task Each_reload_adds_the_HBA_rules_that_are_missing_whatever_has_changed()
    {
        await using var rig = new KeeperRig(NodeState.Single) { Server = { IsRunning = true } };
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("Applied the current configuration") && rig.Monitor.Reports.Count > 2, "runs");

        var before = rig.Server.Count("EnsureHba");
        rig.Reload(rig.Settings with { });
        await rig.UntilAsync(() => rig.Server.Count("EnsureHba") == before + 1, "adds them");
    }

    [Fact]
    public async Task A_standby_applies_a_reload_without_the_monitor_and_is_pointed_at_the_primary_when_it_is_back()
    {
        await using var rig = new KeeperRig(NodeState.Secondary) { Server = { IsRunning = true, InRecovery = true } };
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("Applied the current configuration") && rig.Monitor.Reports.Count > 2, "runs");

        rig.Monitor.Failure = FakeMonitor.Unreachable();
        await rig.UntilAsync(() => rig.Log.Has("Failed to report to the monitor"), "the monitor is away");
        var (reloads, points) = (rig.Server.Count("Reload"), rig.Server.Count("WriteStandbySettings"));
        rig.Reload(rig.Settings with { NetworkPartitionTimeout = TimeSpan.FromSeconds(40) });
        await rig.UntilAsync(() => rig.Server.Count("Reload") > reloads, "reloads");
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        rig.Server.Count("Reload").ShouldBe(reloads + 1);
        rig.Server.Count("WriteStandbySettings").ShouldBe(points);

        rig.Monitor.Registered.Add(new(2, 0, "node2", "localhost", 5502, NodeState.Primary, NodeState.Primary));
        rig.Monitor.Failure = null;
        await rig.UntilAsync(() => rig.Server.Count("WriteStandbySettings") > points, "is pointed at the primary");
    }
}
