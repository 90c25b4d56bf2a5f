using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>The dialogue of two keepers with a monitor, in SQL.</summary>
public sealed class PairTests(ThrowawayPostgres postgres)
{
    private const string Streaming = """{"keeper":"test","walreceiver":{"streaming":true,"upstream":1,"last_message_age_ms":1}}""";

    [Fact]
    public async Task Two_nodes_become_primary_and_secondary()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var first = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001);
        var second = new FakeKeeper(await monitor.ConnectAsync(), "b", 6002);

        (await first.RegisterAsync()).ShouldBe("single");
        (await first.ReportAsync("init")).ShouldBe("single");
        (await first.ReportAsync("single")).ShouldBe("single");
        (await second.RegisterAsync()).ShouldBe("wait_standby");
        (await second.ReportAsync("wait_standby")).ShouldBe("wait_standby");
        (await first.ReportAsync("single")).ShouldBe("wait_primary");
        (await first.ReportAsync("wait_primary")).ShouldBe("wait_primary");
        (await second.ReportAsync("wait_standby")).ShouldBe("catchingup");
        (await second.ReportAsync("catchingup", evidence: Streaming)).ShouldBe("secondary");
        (await second.ReportAsync("secondary", evidence: Streaming)).ShouldBe("secondary");
        (await first.ReportAsync("wait_primary")).ShouldBe("primary");
        (await first.ReportAsync("primary")).ShouldBe("primary");

        (await first.Session.RowsAsync("select nodename, reportedstate, goalstate from pgautofailover.node order by nodeid"))
            .ShouldBe(["a|primary|primary", "b|secondary|secondary"]);
    }
}
