using PgAutoFailover.Core.Vocabulary;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Core.Tests.Vocabulary;

public class VocabularyTests
{
    [Fact]
    public void States_have_the_wire_names_of_the_SQL_type_in_its_order() =>
        string.Join(", ", NodeStates.All.Select(s => s.ToWire())).ShouldBe(
            "unknown, init, single, wait_primary, primary, draining, demote_timeout, demoted, catchingup, secondary, prepare_promotion, "
            + "stop_replication, wait_standby, maintenance, join_primary, apply_settings, prepare_maintenance, wait_maintenance, "
            + "report_lsn, fast_forward, join_secondary, dropped");

    [Fact]
    public void Wire_names_are_read_back()
    {
        foreach (var state in NodeStates.All)
        {
            NodeStates.TryParse(state.ToWire(), out var read).ShouldBeTrue();
            read.ShouldBe(state);
        }

        NodeStates.TryParse("Primary", out _).ShouldBeFalse();
        NodeStates.TryParse(null, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0/0", 0UL)]
    [InlineData("0/3000110", 0x3000110UL)]
    [InlineData("A/FFFFFFFF", 0xAFFFFFFFFUL)]
    [InlineData("FFFFFFFF/FFFFFFFF", ulong.MaxValue)]
    public void An_LSN_is_read_and_written(string text, ulong value)
    {
        Lsn.Parse(text).Value.ShouldBe(value);
        Lsn.Parse(text).ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("0/")]
    [InlineData("/0")]
    [InlineData("0")]
    [InlineData("0/123456789")]
    [InlineData("-1/0")]
    [InlineData("0/ 1")]
    [InlineData("0/1/2")]
    [InlineData(null)]
    public void What_is_no_LSN_is_refused(string? text) => Lsn.TryParse(text, out _).ShouldBeFalse();
}
