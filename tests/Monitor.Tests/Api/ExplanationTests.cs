using System.Text.Json.Nodes;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary><c>pgautofailover.explain</c> on a monitor that runs.</summary>
public sealed class ExplanationTests(ThrowawayPostgres postgres)
{
    [Fact]
    public async Task A_client_that_may_read_the_state_is_told_what_would_become_of_the_group()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres, healthChecks: true);
        var (primary, secondary) = await monitor.PairAsync();

        var explanation = JsonNode.Parse((await secondary.Session.RowsAsync("select pgautofailover.explain()")).Single())!;

        explanation["leader"]!["node_id"]!.GetValue<long>().ShouldBe(primary.NodeId);
        var ifLost = explanation["if_lost"]!.AsArray();
        ifLost.Select(f => f!["node_id"]!.GetValue<long>()).ShouldBe([primary.NodeId, secondary.NodeId]);
        ifLost[0]!["leader"]!["node_id"]!.GetValue<long>().ShouldBe(secondary.NodeId);
        ifLost[0]!["acknowledged_writes"]!.GetValue<string>().ShouldBe("kept");
        JsonNode.Parse((await secondary.Session.RowsAsync("select pgautofailover.explain(if_lost => 'b')")).Single())!["if_lost"]!.AsArray()
            .ShouldHaveSingleItem()!["leader"]!["node_id"]!.GetValue<long>().ShouldBe(primary.NodeId);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_explained()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var session = await monitor.ConnectAsync();

        (await session.ErrorAsync("select pgautofailover.explain('nowhere')")).SqlState.ShouldBe("42704");
        (await session.ErrorAsync("select pgautofailover.explain(if_lost => 'nobody')")).SqlState.ShouldBe("42704");
    }
}
