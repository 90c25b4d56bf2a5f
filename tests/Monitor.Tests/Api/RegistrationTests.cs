using Npgsql;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>Keepers that have the same node id, because one of them was registered with another monitor, or with this one before it was made anew.</summary>
public sealed class RegistrationTests(ThrowawayPostgres postgres)
{
    /// <summary>What makes a keeper stop its PostgreSQL, as its node was removed.</summary>
    private const string Unknown = "42704";

    /// <summary>What makes it go on as without a monitor.</summary>
    private const string Foreign = "PAF02";

    private static string By(string registration) => $$"""{"keeper":"test","registration":"{{registration}}"}""";

    [Fact]
    public async Task A_keeper_that_was_never_registered_here_is_told_so_whatever_number_it_has()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var keeper = await RegisteredAsync(monitor, "mine");
        (await keeper.ReportAsync("init", evidence: By("mine"))).ShouldBe("single");

        await ShouldBeRefusedAsync(Foreign, monitor, keeper.NodeId, "elsewhere");
        await ShouldBeRefusedAsync(Foreign, monitor, keeper.NodeId + 1, "elsewhere");
        await monitor.StopAsync();
        await monitor.StartAsync();
        await ShouldBeRefusedAsync(Foreign, monitor, keeper.NodeId, "elsewhere");
        var again = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001) { NodeId = keeper.NodeId };
        (await again.ReportAsync("single", evidence: By("mine"))).ShouldBe("single");

        // Neither 2.0's nor an operator's own call says who it is.
        (await again.ReportAsync("single", evidence: "{}")).ShouldBe("single");
    }

    [Fact]
    public async Task A_keeper_whose_node_was_removed_is_told_that_it_is_unknown()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var keeper = await RegisteredAsync(monitor, "mine");
        await keeper.ReportAsync("single", evidence: By("mine"));
        await keeper.Session.RowsAsync($"select pgautofailover.remove_node({keeper.NodeId}, true)");
        await ShouldBeRefusedAsync(Unknown, monitor, keeper.NodeId, "mine");

        // Also where its number is another one's, whom an operator gave it.
        var next = new FakeKeeper(await monitor.ConnectAsync(), "b", 6002) { NodeId = keeper.NodeId };
        await next.Session.RowsAsync($"select pgautofailover.register_node('default', '127.0.0.1', 6002, 'postgres', 'b', desired_node_id => {keeper.NodeId})");
        await next.ReportAsync("init", evidence: By("next"));
        await ShouldBeRefusedAsync(Unknown, monitor, keeper.NodeId, "mine");
    }

    [Fact]
    public async Task A_node_of_before_there_were_names_takes_the_first_that_is_said()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var keeper = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001);
        await keeper.RegisterAsync();
        (await keeper.ReportAsync("single")).ShouldBe("single");
        (await keeper.ReportAsync("single", evidence: By("mine"))).ShouldBe("single");
        await ShouldBeRefusedAsync(Foreign, monitor, keeper.NodeId, "elsewhere");

        // Put back to a version of then, and brought forward again, its keeper gives itself another name.
        (await keeper.ReportAsync("single")).ShouldBe("single");
        (await keeper.ReportAsync("single", evidence: By("later"))).ShouldBe("single");
        await ShouldBeRefusedAsync(Unknown, monitor, keeper.NodeId, "mine");
    }

    [Fact]
    public async Task A_number_of_before_there_were_names_may_be_that_of_a_node_that_was_removed()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using (var superuser = await postgres.ConnectAsync(monitor.Database))
        {
            await superuser.ExecuteAsync("update pgautofailover_private.home set unnamed_until = 7");
        }

        await ShouldBeRefusedAsync(Unknown, monitor, 7, "elsewhere");
        await ShouldBeRefusedAsync(Foreign, monitor, 8, "elsewhere");
    }

    [Fact]
    public async Task A_registration_that_is_sent_again_is_the_same_one()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var keeper = await RegisteredAsync(monitor, "mine");
        (await RegisterAsync(keeper, "mine")).ShouldBe($"{keeper.NodeId}|single");
        await keeper.ReportAsync("single", evidence: By("mine"));
        (await RegisterAsync(keeper, "mine")).ShouldBe($"{keeper.NodeId}|single");
        (await keeper.Session.RowsAsync("select count(*) from pgautofailover.node")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task The_place_of_a_node_is_taken_only_before_it_has_got_anywhere()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var keeper = await RegisteredAsync(monitor, "lost");
        (await RegisterAsync(keeper, "mine")).ShouldBe($"{keeper.NodeId}|single");
        await ShouldBeRefusedAsync(Unknown, monitor, keeper.NodeId, "lost");

        await keeper.ReportAsync("single", evidence: By("mine"));
        var refused = await Should.ThrowAsync<PostgresException>(() => RegisterAsync(keeper, "another"));
        refused.SqlState.ShouldBe("23505");
        refused.Detail.ShouldNotBeNull().ShouldContain("\"single\"");
    }

    [Fact]
    public async Task A_node_that_is_dropped_while_it_is_created_begins_anew_when_its_creation_goes_on()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var keeper = await RegisteredAsync(monitor, "mine");
        await keeper.Session.RowsAsync($"select pgautofailover.remove_node({keeper.NodeId})");
        (await keeper.Session.RowsAsync("select goalstate from pgautofailover.node")).ShouldBe(["dropped"]);

        (await RegisterAsync(keeper, "mine")).ShouldBe($"{keeper.NodeId + 1}|single");
        (await keeper.Session.RowsAsync("select nodeid, goalstate from pgautofailover.node")).ShouldBe([$"{keeper.NodeId + 1}|single"]);
        await ShouldBeRefusedAsync(Unknown, monitor, keeper.NodeId, "mine");
    }

    private static async Task<FakeKeeper> RegisteredAsync(RunningMonitor monitor, string registration)
    {
        var keeper = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001);
        keeper.NodeId = long.Parse((await RegisterAsync(keeper, registration)).Split('|')[0]);
        return keeper;
    }

    private static async Task<string> RegisterAsync(FakeKeeper keeper, string registration)
    {
        await keeper.Session.RowsAsync($"select set_config('pgautofailover.registration', '{registration}', false)");
        return (await keeper.Session.RowsAsync(
            "select assigned_node_id, assigned_group_state from pgautofailover.register_node('default', '127.0.0.1', 6001, 'postgres', 'a', sysidentifier => 7)"))[0];
    }

    private static async Task ShouldBeRefusedAsync(string sqlState, RunningMonitor monitor, long nodeId, string registration)
    {
        var stranger = new FakeKeeper(await monitor.ConnectAsync(), "a", 6001) { NodeId = nodeId };
        (await Should.ThrowAsync<PostgresException>(() => stranger.ReportAsync("single", evidence: By(registration)))).SqlState.ShouldBe(sqlState);
    }
}
