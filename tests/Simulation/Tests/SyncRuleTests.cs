using PgAutoFailover.Simulation.Wal;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Simulation.Tests;

public sealed class SyncRuleTests
{
    [Theory]
    [InlineData("ANY 1 (a, b)", 7)]
    [InlineData("ANY 2 (a, b)", 5)]
    [InlineData("ANY 2 (a, b, c)", 5)]
    [InlineData("ANY 2 (a, x)", -1)]
    [InlineData("FIRST 1 (b, a)", 5)]
    [InlineData("FIRST 2 (a, c, b)", 3)]
    [InlineData("a", 7)]
    [InlineData("*", 7)]
    [InlineData("x", -1)]
    public void A_commit_is_confirmed_when_enough_listed_standbys_have_flushed_it(string names, int confirmed) =>
        SyncRule.Parse(names).Confirmed([("a", 7), ("b", 5), ("c", 3)]).ShouldBe(confirmed);

    [Fact]
    public void An_empty_value_waits_for_nobody() => SyncRule.Parse("").IsEmpty.ShouldBeTrue();
}
