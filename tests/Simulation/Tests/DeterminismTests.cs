using PgAutoFailover.Simulation.Commands;
using PgAutoFailover.Simulation.Stories;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Simulation.Tests;

public sealed class DeterminismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1013)]
    [InlineData(1141)]
    public void The_same_seed_tells_the_same_story_to_the_byte(int seed)
    {
        var first = new Story(isTold: true);
        var second = new Story(isTold: true);

        SeedRun.RunOne((ulong)seed, first);
        SeedRun.RunOne((ulong)seed, second);

        second.ToString().ShouldBe(first.ToString());
        first.ToString().Length.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void Whether_the_story_is_told_changes_nothing()
    {
        var told = SeedRun.RunOne(7, new Story(isTold: true));

        SeedRun.RunOne(7, new Story(isTold: false)).ShouldBe(told);
    }
}
