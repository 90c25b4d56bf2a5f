using PgAutoFailover.Simulation.Commands;
using PgAutoFailover.Simulation.Stories;
using PgAutoFailover.Simulation.Worlds;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Simulation.Tests;

/// <summary>A taste of what <c>./build.sh sim</c> does; the long run is that command's.</summary>
public sealed class ManySeedsTests(ITestOutputHelper output)
{
    [Fact]
    public void A_cluster_that_nothing_happens_to_is_well()
    {
        var result = SimulationRun.Run(1, WorldPlan.Quiet(WorldPlan.MostNodes, TimeSpan.FromMinutes(10)), new Story(isTold: false));

        result.Violation.ShouldBeNull();
        result.Writes.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void No_seed_of_many_finds_a_violation()
    {
        var run = new SeedRun(1, 200) { Tell = output.WriteLine };

        run.Run(Environment.ProcessorCount);

        output.WriteLine(run.Summary);
        run.Violations.ShouldBeEmpty();
    }
}
