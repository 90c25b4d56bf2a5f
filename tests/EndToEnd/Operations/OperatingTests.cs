using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Networks;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>What an operator and a load balancer are told, before, during and after the loss of a primary.</summary>
[Collection(nameof(DefaultPair))]
public sealed class OperatingTests(DefaultPair pair) : ClusterTest(pair), IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(6) };
    private readonly Dictionary<TestNode, int> _ports = [];

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task What_is_foreseen_happens_and_load_balancers_find_the_primary()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await ServePagesAsync([primary, standby, Cluster.Monitor]);
        primary.ShouldBe(Cluster.Primary);

        await UntilPageAsync(primary, "/primary", HttpStatusCode.OK);
        await UntilPageAsync(standby, "/replica?lag=16MB", HttpStatusCode.OK);
        (await PageAsync(standby, "/primary")).ShouldBe((HttpStatusCode.ServiceUnavailable, "secondary\n"));
        (await PageAsync(primary, "/replica")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await PageAsync(standby, "/replica?lag=much")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PageAsync(Cluster.Monitor, "/health")).Status.ShouldBe(HttpStatusCode.OK);
        (await PageAsync(primary, "/metrics")).Body.ShouldContain("\npg_auto_failover_node_state{state=\"primary\"} 1\n");
        (await PageAsync(Cluster.Monitor, "/metrics")).Body.ShouldContain("\npg_auto_failover_monitor_group_primaries{formation=\"default\",group=\"0\"} 1\n");

        JsonNode foreseen = await ExplainAsync("--if-lost", primary.Name);
        JsonNode ifLost = foreseen["if_lost"]!.AsArray().ShouldHaveSingleItem()!;
        ifLost["leader"]!["node_name"]!.GetValue<string>().ShouldBe(standby.Name);
        ifLost["acknowledged_writes"]!.GetValue<string>().ShouldBe("kept");
        (await Cluster.Monitor.AutoctlAsync(["explain", "--if-lost", "nobody"], Token)).ExitCode.ShouldBe(ExitCodes.BadArguments);

        // A keeper that stands still says nothing, and one that goes on again does not begin with what it knew before.
        primary.FreezeAutoctl();
        await Should.ThrowAsync<TaskCanceledException>(() => PageAsync(primary, "/primary"));
        await primary.KillEverythingAsync(Token);
        await UntilServedByAsync(standby);
        await UntilPageAsync(standby, "/primary", HttpStatusCode.OK);
        primary.Run();
        await ShouldBeWholeAgainAsync();
        await UntilPageAsync(primary, "/replica", HttpStatusCode.OK);

        JsonNode story = (await ExplainAsync())["last_failover"]!;
        story["end"]!.GetValue<string>().ShouldBe("promoted");
        story["steps"]!.AsArray().Select(s => s!["rule"]?.GetValue<int>()).ShouldContain(325);
        string text = (await Cluster.Monitor.AutoctlAsync(["explain"], Token)).Succeeded().Output;
        text.ShouldContain("A node was promoted. Proof: ");
        text.ShouldContain($"{standby.Name}: ");
    }

    private async Task ServePagesAsync(IReadOnlyList<TestNode> nodes)
    {
        int[] ports = FreePorts.Take(nodes.Count);
        foreach (var (i, node) in nodes.Index())
        {
            _ports[node] = ports[i];
            (await node.AutoctlAsync(["config", "set", "http.port", _ports[node].ToString(CultureInfo.InvariantCulture)], Token)).Succeeded();
        }

        // Without the keepers PostgreSQL goes on: nothing fails over.
        foreach (TestNode node in nodes)
        {
            await node.KillAutoctlAsync(Token);
            node.Run();
        }

        await Cluster.UntilSteadyAsync(Token);
    }

    private async Task<JsonNode> ExplainAsync(params string[] options)
    {
        CommandResult result = (await Cluster.Nodes[0].AutoctlAsync(["explain", "--json", .. options], Token)).Succeeded();
        return JsonNode.Parse(result.Output)!;
    }

    private async Task UntilPageAsync(TestNode node, string page, HttpStatusCode status)
    {
        while ((await TryPageAsync(node, page)).Status != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }

    private async Task<(HttpStatusCode? Status, string Body)> TryPageAsync(TestNode node, string page)
    {
        try
        {
            return await PageAsync(node, page);
        }
        catch (HttpRequestException exception)
        {
            return (null, exception.Message);
        }
    }

    private async Task<(HttpStatusCode? Status, string Body)> PageAsync(TestNode node, string page)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"http://127.0.0.1:{_ports[node].ToString(CultureInfo.InvariantCulture)}{page}"), Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
