using PgAutoFailover.Core.Groups;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Monitor.Probes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Probes;

public sealed class ProbeTallyTests
{
    private readonly ProbeTally _tally = new();

    [Theory]
    [InlineData(ProbeOutcome.Accepting)]
    [InlineData(ProbeOutcome.NotAccepting)]
    public void An_answer_is_good_at_once(ProbeOutcome outcome)
    {
        Note(ProbeOutcome.Refused, 0);

        Note(outcome, 1).ShouldBe(Health.Good);
    }

    [Theory]
    [InlineData(ProbeOutcome.Refused)]
    [InlineData(ProbeOutcome.TimedOut)]
    [InlineData(ProbeOutcome.StartingUp)]
    public void The_third_failure_with_its_delays_is_bad(ProbeOutcome outcome)
    {
        Note(outcome, 0).ShouldBeNull();
        Note(outcome, 2).ShouldBeNull();
        Note(outcome, 4).ShouldBe(Health.Bad);
        Note(outcome, 6).ShouldBe(Health.Bad);
    }

    [Fact]
    public void Failures_in_fast_succession_are_not_bad_any_sooner()
    {
        for (var tenth = 0; tenth < 40; tenth++)
        {
            Note(ProbeOutcome.Refused, tenth / 10.0).ShouldBeNull();
        }

        Note(ProbeOutcome.Refused, 4).ShouldBe(Health.Bad);
    }

    [Fact]
    public void A_node_whose_keeper_is_gone_is_probed_closely_then_watchfully_then_as_usual()
    {
        var target = new ProbeTarget(1, "h", 1, HoldsSession: true, KeeperGoneAt: TimeSpan.FromSeconds(100));

        double Next(double at) => ProbeSchedule.Next(target, isFailing: false, TimeSpan.FromSeconds(at), MonitorSettings.Default).TotalSeconds;

        (Next(100), Next(102.9), Next(103.1), Next(132.9), Next(133.1)).ShouldBe((0.1, 0.1, 0.5, 0.5, 5));
    }

    private Health? Note(ProbeOutcome outcome, double atSeconds) => _tally.Note(outcome, TimeSpan.FromSeconds(atSeconds), MonitorSettings.Default);
}
