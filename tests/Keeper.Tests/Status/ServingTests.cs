using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Status;
using PgAutoFailover.Keeper.Tests.Fakes;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Status;

/// <summary>Nobody is told that a node may be used on the strength of what was true once.</summary>
public class ServingTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_primary_in_touch_may_take_writes()
    {
        Serving.WhyNotPrimary(Primary(), _time).ShouldBeNull();
        Serving.WhyNotHealthy(Primary(), _time).ShouldBeNull();
        Serving.WhyNotReplica(Primary(), null, _time).ShouldBe("primary");
    }

    [Fact]
    public void What_was_known_grows_old()
    {
        var status = Primary();
        _time.Advance(Serving.Freshness + s_moment);

        Serving.WhyNotPrimary(status, _time).ShouldNotBeNull().ShouldContain("stood still for 4.0 s");
        Serving.WhyNotHealthy(status, _time).ShouldNotBeNull();
        Serving.WhyNotPrimary(Primary() with { ObservedAt = status.At }, _time).ShouldNotBeNull().ShouldContain("looked at 4.0 s ago");
        Serving.WhyNotPrimary(null, _time).ShouldNotBeNull();
    }

    [Fact]
    public void The_lease_runs_out_between_two_rounds_of_the_loop()
    {
        var status = Primary() with { SinceMonitor = TimeSpan.FromSeconds(19), SinceStandby = TimeSpan.FromSeconds(19) };

        Serving.WhyNotPrimary(status, _time).ShouldBeNull();
        _time.Advance(2 * s_moment);
        Serving.WhyNotPrimary(status, _time).ShouldNotBeNull().ShouldContain("cut off");
        Serving.WhyNotPrimary(status with { SinceStandby = TimeSpan.Zero }, _time).ShouldBeNull("a standby answers");
        Serving.WhyNotPrimary(status with { Role = NodeState.WaitPrimary, Goal = NodeState.WaitPrimary }, _time).ShouldBeNull("nobody is a candidate");
    }

    [Fact]
    public void A_keeper_that_has_not_heard_the_monitor_knows_nothing_of_its_role() =>
        Serving.WhyNotPrimary(Primary() with { MonitorHasAnswered = false }, _time).ShouldNotBeNull().ShouldContain("another node may have been promoted");

    [Fact]
    public void Whoever_is_on_the_way_out_or_not_there_yet_takes_no_writes()
    {
        Serving.WhyNotPrimary(Primary() with { Goal = NodeState.Draining }, _time).ShouldBe("primary, to become draining");
        Serving.WhyNotPrimary(Primary() with { IsStopping = true }, _time).ShouldNotBeNull();
        Serving.WhyNotPrimary(Primary() with { IsRunning = false }, _time).ShouldBe("PostgreSQL does not run");
        Serving.WhyNotPrimary(Primary() with { Observation = Ready with { InRecovery = true } }, _time).ShouldBe("PostgreSQL is in recovery");
        Serving.WhyNotPrimary(Primary() with { Observation = Ready with { Phase = PostgresPhase.Starting } }, _time).ShouldNotBeNull();
        Serving.WhyNotPrimary(Replica() with { Goal = NodeState.PreparePromotion }, _time).ShouldBe("secondary, to become prepare_promotion");
    }

    [Fact]
    public void A_replica_receives_and_is_not_too_far_behind()
    {
        Serving.WhyNotReplica(Replica(), null, _time).ShouldBeNull();
        Serving.WhyNotReplica(Replica(), 100, _time).ShouldBeNull();
        Serving.WhyNotReplica(Replica(), 99, _time).ShouldBe("100 bytes are left to replay, more than 99");
        Serving.WhyNotReplica(Replica() with { Observation = Replica().Observation with { ReplayLag = null } }, 100, _time).ShouldNotBeNull();
        Serving.WhyNotReplica(Replica() with { Observation = Ready with { InRecovery = true } }, null, _time).ShouldBe("does not receive from the primary");
        Serving.WhyNotPrimary(Replica(), _time).ShouldBe("secondary");
    }

    [Fact]
    public void A_node_in_maintenance_is_well_without_PostgreSQL()
    {
        var down = Primary() with { IsRunning = false, Observation = new PostgresObservation { Phase = PostgresPhase.Down } };

        Serving.WhyNotHealthy(down, _time).ShouldNotBeNull();
        Serving.WhyNotHealthy(down with { Role = NodeState.Maintenance, Goal = NodeState.Maintenance }, _time).ShouldBeNull();
    }

    private static PostgresObservation Ready => new() { Phase = PostgresPhase.Ready };

    private NodeStatus Primary() => new()
    {
        At = _time.GetTimestamp(),
        NodeId = 1,
        GroupId = 0,
        Role = NodeState.Primary,
        Goal = NodeState.Primary,
        IsStopping = false,
        IsRunning = true,
        Observation = Ready,
        ObservedAt = _time.GetTimestamp(),
        MonitorHasAnswered = true,
        SinceMonitor = TimeSpan.Zero,
        SinceStandby = TimeSpan.Zero,
        ReportingSince = null,
        NetworkPartitionTimeout = TimeSpan.FromSeconds(20),
    };

    private NodeStatus Replica() => Primary() with
    {
        Role = NodeState.Secondary,
        Goal = NodeState.Secondary,
        Observation = Ready with { InRecovery = true, WalReceiver = new WalReceiver(true, "a", 1, 1, TimeSpan.Zero), ReplayLag = 100 },
    };
}
