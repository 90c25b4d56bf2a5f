using PgAutoFailover.Core.Transitions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Tests.Fakes;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.NodeActive;

public sealed class TransitionTests
{
    public static TheoryData<NodeState, NodeState> Rows() =>
        [.. KeeperTransitions.Table.Where(t => t.From is not null).Select(t => (t.From!.Value, t.To)).Distinct()];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_row_ends_in_its_state_and_reports_it(NodeState from, NodeState to)
    {
        await using var rig = Rig(from);
        rig.Monitor.Goal = to;
        rig.Start();
        await rig.UntilAsync(() => rig.Role == to && rig.Monitor.LastReport?.CurrentState == to, $"reports {to}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_keeper_killed_in_any_call_of_a_row_ends_in_the_same_state_when_it_runs_again(NodeState from, NodeState to)
    {
        string[] calls;
        await using (var undisturbed = Rig(from))
        {
            undisturbed.Monitor.Goal = to;
            undisturbed.Start();
            await undisturbed.UntilAsync(() => undisturbed.Role == to, $"reaches {to}");
            calls = [.. undisturbed.Server.Calls.Distinct(StringComparer.Ordinal)];
        }

        foreach (var call in calls)
        {
            await using var rig = Rig(from);
            rig.Server.Hold(call);

            // Before the start: a keeper that finds itself dropped with no other goal ends at once.
            rig.Monitor.Goal = to;
            rig.Start();
            await rig.UntilAsync(() => rig.Server.Count(call) > 0 || rig.Role == to, $"calls {call}");
            await rig.KillAsync();
            rig.Server.Release(call);
            rig.Start();
            await rig.UntilAsync(() => rig.Role == to && rig.Monitor.LastReport?.CurrentState == to, $"reports {to} after a kill in {call}");
        }
    }

    [Fact]
    public async Task A_standby_does_not_count_while_it_has_a_recovery_target()
    {
        await using var rig = Rig(NodeState.CatchingUp);
        rig.Server.RecoveryTarget = "2026-11-22";
        rig.Monitor.Goal = NodeState.Secondary;
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("has a recovery target (\"2026-11-22\")"), "says why");
        rig.Role.ShouldBe(NodeState.CatchingUp);
        rig.Server.RecoveryTarget = "";
        await rig.UntilAsync(() => rig.Role == NodeState.Secondary, "counts");
    }

    [Fact]
    public async Task The_new_state_is_on_disk_before_it_is_reported()
    {
        await using var rig = Rig(NodeState.Primary);
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Store.IsFull = true;
        rig.Monitor.Assign(NodeState.Draining);
        await rig.UntilAsync(() => !rig.Server.IsRunning, "stops");
        await rig.PassAsync(TimeSpan.FromSeconds(3));
        rig.Monitor.LastReport!.CurrentState.ShouldBe(NodeState.Primary);

        rig.Store.IsFull = false;
        await rig.UntilAsync(() => rig.Monitor.LastReport!.CurrentState == NodeState.Draining, "reports draining");
    }

    [Theory]
    [InlineData(NodeState.Draining)]
    [InlineData(NodeState.PrepareMaintenance)]
    [InlineData(NodeState.DemoteTimeout)]
    public async Task A_primary_that_was_stopped_while_it_served_tells_where_it_ended(NodeState to)
    {
        await using var rig = Rig(NodeState.Primary);
        rig.Server.Control = rig.Server.Control with { State = "shut down", LatestCheckpoint = new Lsn(0x3000100) };
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Monitor.Assign(to);
        await rig.UntilAsync(() => rig.Monitor.LastReport!.CurrentState == to, $"reports {to}");
        rig.Monitor.LastReport!.Evidence.StoppedAt.ShouldBe("0/3000100");

        await rig.KillAsync();
        rig.Monitor.Reports.Clear();
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports again");
        rig.Monitor.LastReport!.Evidence.StoppedAt.ShouldBe("0/3000100");
    }

    [Fact]
    public async Task A_primary_whose_keeper_was_killed_while_it_stopped_tells_it_too()
    {
        await using var rig = Rig(NodeState.Primary);
        rig.Server.Control = rig.Server.Control with { State = "shut down", LatestCheckpoint = new Lsn(0x3000100) };
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Server.Hold("Stop");
        rig.Monitor.Assign(NodeState.Draining);
        await rig.UntilAsync(() => rig.Server.Count("Stop") > 0, "stops");
        await rig.KillAsync();
        rig.Server.IsRunning = false;
        rig.Server.Release("Stop");
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport!.CurrentState == NodeState.Draining, "reports draining");
        rig.Monitor.LastReport!.Evidence.StoppedAt.ShouldBe("0/3000100");
    }

    [Theory]
    [InlineData(false, "shut down")]
    [InlineData(true, "in production")]
    public async Task A_primary_that_was_down_already_or_did_not_end_in_order_tells_nothing(bool runs, string state)
    {
        await using var rig = Rig(NodeState.Primary);
        rig.Server.Control = rig.Server.Control with { State = state };
        rig.Server.IsRunning = runs;
        rig.Server.Fail("Start", "it does not come up");
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Monitor.Assign(NodeState.Draining);
        await rig.UntilAsync(() => rig.Monitor.LastReport!.CurrentState == NodeState.Draining, "reports draining");
        rig.Monitor.LastReport!.Evidence.StoppedAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_transition_that_fails_is_tried_again_and_said_once()
    {
        await using var rig = Rig(NodeState.Demoted);
        rig.Server.Fail("Identify", "the upstream is not there yet");
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Server.Count("Identify") >= 3, "tries three times");
        rig.Log.Has("the upstream is not there yet").ShouldBeTrue();
        rig.Log.ToString().Split("the upstream is not there yet").Length.ShouldBe(2);
        rig.Log.ToString().Split("FSM transition from").Length.ShouldBe(2);

        rig.Server.Heal("Identify");
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "catches up");
    }

    [Fact]
    public async Task A_new_goal_cancels_the_transition_that_runs()
    {
        await using var rig = Rig(NodeState.WaitStandby);
        rig.Server.DataDirectoryExists = false;
        rig.Server.Hold("BaseBackup");
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Server.Count("BaseBackup") == 1, "copies");
        rig.Monitor.Assign(NodeState.Dropped);
        await rig.UntilAsync(() => rig.Role == NodeState.Dropped, "is dropped");
        (await rig.Run).ShouldBe(KeeperOutcome.Dropped);
    }

    [Fact]
    public async Task The_keeper_goes_on_reporting_during_a_long_transition()
    {
        await using var rig = Rig(NodeState.WaitStandby);
        rig.Server.DataDirectoryExists = false;
        rig.Server.Hold("BaseBackup");
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Server.Count("BaseBackup") == 1, "copies");
        var before = rig.Monitor.Reports.Count;
        await rig.PassAsync(TimeSpan.FromSeconds(10));
        (rig.Monitor.Reports.Count - before).ShouldBeInRange(8, 14);
        rig.Monitor.LastReport!.CurrentState.ShouldBe(NodeState.WaitStandby);
    }

    [Fact]
    public async Task Primary_is_reported_only_when_a_standby_has_flushed_past_the_position_at_which_waiting_began()
    {
        await using var rig = Rig(NodeState.WaitPrimary);
        rig.Server.Lsn = new Lsn(0x5000000);
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x4FFFFFF))];
        rig.Start();
        rig.Monitor.Goal = NodeState.Primary;
        await rig.UntilAsync(() => rig.Server.Sync.Length > 0, "waits for a standby");
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        rig.Role.ShouldBe(NodeState.WaitPrimary);

        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x5000000))];
        await rig.UntilAsync(() => rig.Role == NodeState.Primary, "is primary");
    }

    [Fact]
    public async Task Calling_off_synchronous_replication_while_it_is_being_enabled_ends_without_it()
    {
        await using var rig = Rig(NodeState.WaitPrimary);
        rig.Server.WalSenders = [];
        rig.Start();
        rig.Monitor.Goal = NodeState.Primary;
        await rig.UntilAsync(() => rig.Server.Sync.Length > 0, "waits for a standby");
        rig.Monitor.Assign(NodeState.WaitPrimary);
        await rig.UntilAsync(() => rig.Server.Sync.Length == 0, "waits for nobody");
        rig.Role.ShouldBe(NodeState.WaitPrimary);
    }

    [Fact]
    public async Task A_standby_whose_PostgreSQL_dies_while_it_catches_up_is_started_again()
    {
        await using var rig = Rig(NodeState.JoinSecondary);
        rig.Server.IsRunning = true;
        rig.Server.InRecovery = true;
        rig.Server.WalReceiver = null;
        rig.Start();
        rig.Monitor.Goal = NodeState.Secondary;
        await rig.UntilAsync(() => rig.Server.Count("Identify") > 2, "waits for the stream");
        var starts = rig.Server.Count("Start");
        rig.Server.IsRunning = false;
        await rig.UntilAsync(() => rig.Server.Count("Start") > starts && rig.Server.IsRunning, "starts it again");
        rig.Server.WalReceiver = new WalReceiver(Streaming: true, "localhost", 5502, 1, TimeSpan.FromMilliseconds(300));
        await rig.UntilAsync(() => rig.Role == NodeState.Secondary, "is secondary");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_standby_that_somebody_has_promoted_reports_no_position(bool runs)
    {
        await using var rig = Rig(NodeState.Secondary);
        rig.Monitor.Goal = NodeState.ReportLsn;
        rig.Server.IsRunning = runs;
        rig.Server.InRecovery = false;
        rig.Server.Control = rig.Server.Control with { State = "in production" };
        rig.Server.Fail("Start");
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("has left recovery although"), "says why");
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        rig.Role.ShouldBe(NodeState.Secondary);
    }

    [Fact]
    public async Task A_standby_that_somebody_has_promoted_follows_again()
    {
        await using var rig = Rig(NodeState.Secondary);
        rig.Server.Timeline = 2;
        rig.Server.Control = rig.Server.Control with { State = "shut down", Timeline = 2 };
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.LastReport is not null, "reports");
        rig.Server.InRecovery = false;
        await rig.UntilAsync(() => rig.Server.Count("Rewind") > 0, "takes back what it has done since");
    }

    /// <summary>A node for which everything succeeds.</summary>
    private static KeeperRig Rig(NodeState from)
    {
        var rig = new KeeperRig(from);
        rig.Server.IsRunning = from.CanTakeWrites() || RoleRules.IsStandby(from);
        rig.Server.InRecovery = RoleRules.IsStandby(from);
        rig.Server.DataDirectoryExists = from is not (NodeState.Init or NodeState.WaitStandby or NodeState.Dropped);
        rig.Server.WalSenders = [KeeperRig.Streaming(new Lsn(0x9000000))];
        rig.Server.WalReceiver = new WalReceiver(Streaming: true, "localhost", 5502, 1, TimeSpan.FromMilliseconds(300));
        return rig;
    }

    [Fact]
    public async Task A_base_backup_that_fails_is_not_made_again_every_second()
    {
        await using var rig = new KeeperRig(NodeState.WaitStandby) { Server = { DataDirectoryExists = false } };
        rig.Server.FailCostly("BaseBackup");
        rig.Monitor.Goal = NodeState.CatchingUp;
        rig.Start();
        await rig.UntilAsync(() => rig.Server.Count("BaseBackup") > 0, "copies");

        await rig.PassAsync(TimeSpan.FromSeconds(40));
        rig.Server.Count("BaseBackup").ShouldBeLessThan(8);

        rig.Server.Heal("BaseBackup");
        rig.Monitor.Notify(2, NodeState.Primary);
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "a change in the group ends the pause");
    }

    [Fact]
    public async Task A_configuration_that_was_put_right_counts_at_once_where_a_transition_fails_for_it()
    {
        await using var rig = new KeeperRig(NodeState.WaitStandby) { Server = { DataDirectoryExists = false } };
        rig.Server.FailCostly("BaseBackup");
        rig.Monitor.Goal = NodeState.CatchingUp;
        rig.Start();
        await rig.UntilAsync(() => rig.Server.Count("BaseBackup") > 0, "copies");
        await rig.PassAsync(TimeSpan.FromSeconds(40));
        rig.Server.Heal("BaseBackup");
        var (count, before) = (rig.Server.Count("BaseBackup"), rig.Time.GetUtcNow());

        rig.Reload(rig.Settings with { NetworkPartitionTimeout = TimeSpan.FromSeconds(40) });
        await rig.UntilAsync(() => rig.Server.Count("BaseBackup") > count, "tries again");
        (rig.Time.GetUtcNow() - before).ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }
}
