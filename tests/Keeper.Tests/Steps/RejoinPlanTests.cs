using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Steps;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Steps;

public sealed class RejoinPlanTests
{
    private static readonly UpstreamIdentity s_promoted = new(42, 2, new Lsn(0x5000000), [(1, new Lsn(0x3001000))]);

    [Fact]
    public void A_primary_whose_shutdown_checkpoint_was_received_before_the_promotion_just_starts_as_a_standby() =>
        RejoinPlan.For(Stopped(lsn: 0x3000F80), s_promoted).Method.ShouldBe(RejoinMethod.Start);

    [Fact]
    public void A_primary_that_has_a_record_more_than_the_one_promoted_rewinds()
    {
        var plan = RejoinPlan.For(Stopped(lsn: 0x3001000), s_promoted);
        plan.Method.ShouldBe(RejoinMethod.Rewind);
        plan.Reason.ShouldContain("0/3001000");
    }

    [Fact]
    public void A_primary_that_crashed_rewinds_because_its_last_position_is_unknown() =>
        RejoinPlan.For(Stopped(lsn: 0x3000028) with { State = "in production" }, s_promoted).Method.ShouldBe(RejoinMethod.Rewind);

    [Fact]
    public void A_standby_that_has_replayed_exactly_up_to_the_switch_follows() =>
        RejoinPlan.For(
            Stopped(lsn: 0x3000028) with { State = "shut down in recovery", MinRecoveryEnd = new Lsn(0x3001000), MinRecoveryEndTimeline = 1 },
            s_promoted).Method.ShouldBe(RejoinMethod.Start);

    [Fact]
    public void A_timeline_that_the_upstream_never_was_on_is_rewound() =>
        RejoinPlan.For(Stopped(lsn: 0x3000F80) with { Timeline = 3 }, s_promoted).Method.ShouldBe(RejoinMethod.Rewind);

    [Fact]
    public void On_the_same_timeline_nothing_beyond_the_upstream_may_be_there()
    {
        var same = new UpstreamIdentity(42, 1, new Lsn(0x3001000), []);
        RejoinPlan.For(Stopped(lsn: 0x3000F80), same).Method.ShouldBe(RejoinMethod.Start);
        RejoinPlan.For(Stopped(lsn: 0x3001000), same).Method.ShouldBe(RejoinMethod.Rewind);
    }

    [Fact]
    public void Another_cluster_is_refused_whatever_its_positions_are() =>
        RejoinPlan.For(Stopped(lsn: 0x3000F80) with { SystemIdentifier = 43 }, s_promoted).Method.ShouldBe(RejoinMethod.Refuse);

    private static ControlData Stopped(ulong lsn) => new(1300, 202209061, 42, "shut down", new Lsn(lsn), 1, default, 0);
}
