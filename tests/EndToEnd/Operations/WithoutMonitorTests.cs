using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>Two nodes that never had a monitor: built up, exchanged and failed over by an operator's hand.</summary>
public sealed class WithoutMonitorTests : OwnClusterTest
{
    [Fact]
    public async Task A_pair_is_built_up_exchanged_and_failed_over_by_hand()
    {
        await PrepareAsync(new ClusterOptions());
        TestNode first = Cluster.Nodes[0], second = Cluster.Nodes[1];
        await BuildUpAsync(first, second);
        await Cluster.SqlAsync(first, "create table words as select 'kept'::text as word", Token);

        // Where PostgreSQL is now, and not its last checkpoint.
        object? checkpoint = await Cluster.ScalarAsync(first, "select checkpoint_lsn::text from pg_control_checkpoint()", Token);
        (await first.AutoctlAsync(["show", "state"], Token)).Succeeded().Output.ShouldNotContain($" {checkpoint} ");
        await ExchangeAsync(first, second);
        await Cluster.SqlAsync(second, "insert into words values ('of the second')", Token);
        await FailOverAsync(second, first);
        (await Cluster.ScalarAsync(first, "select string_agg(word, ' ' order by word) from words", Token)).ShouldBe("kept of the second");
        await HandOverAsync(first, second);
    }

    private async Task BuildUpAsync(TestNode first, TestNode second)
    {
        await CreateAsync(first, 1);
        await CreateAsync(second, 2);
        first.Run();
        await UntilStateAsync(first, "init");
        CommandResult unmade = await first.AutoctlAsync(["enable", "monitor", "postgres://autoctl_node@localhost:1/pg_auto_failover"], Token);
        ShouldBeRefused(unmade, ExitCodes.PostgresControl);
        unmade.Error.ShouldContain("PostgreSQL does not accept sessions");
        ShouldBeRefused(await AssignAsync(first, "secondary"), ExitCodes.BadState);
        using var single = JsonDocument.Parse((await AssignAsync(first, "single")).Succeeded().Output);
        single.RootElement.GetProperty("state").GetProperty("current_role").GetString().ShouldBe("single");
        ShouldBeRefused(await AssignAsync(second, "wait_standby"), ExitCodes.BadState); // it does not run

        await ListAsync(first, first, second);
        await ListAsync(second, first, second);
        (await AssignAsync(first, "wait_primary")).Succeeded();
        (await first.DoAsync(["primary", "adduser", "monitor"], Token)).Succeeded();
        (await first.DoAsync(["primary", "adduser", "replica"], Token)).Succeeded();
        (await first.DoAsync(["primary", "defaults"], Token)).Succeeded().Error.ShouldContain("there already");

        // The copy may be made before the service is there to make it.
        (await second.DoAsync(["standby", "init", first.Host.Address, Text(first.Port)], Token)).Succeeded();
        ShouldBeRefused(await second.DoAsync(["standby", "init", first.Host.Address, Text(first.Port)], Token), ExitCodes.BadState);
        second.Run();
        await UntilStateAsync(second, "init");
        foreach (string state in (string[])["wait_standby", "catchingup", "secondary"])
        {
            (await AssignAsync(second, state)).Succeeded();
        }

        (await AssignAsync(first, "primary")).Succeeded();
        (await Cluster.ScalarAsync(first, "show synchronous_standby_names", Token)).ShouldBe("ANY 1 (pgautofailover_standby_2)");
        (await AssignAsync(first, "primary")).Succeeded();
    }

    private async Task ExchangeAsync(TestNode old, TestNode other)
    {
        // Not while the other one takes writes.
        ShouldBeRefused(await AssignAsync(other, "single"), ExitCodes.BadState);
        (await AssignAsync(old, "draining")).Succeeded();
        old.PostmasterPid.ShouldBeNull();
        await PromoteAsync(other);
        await FollowAsync(old, other, "demoted");
    }

    /// <summary>A monitor takes the pair over as it is, the primary first.</summary>
    private async Task HandOverAsync(TestNode primary, TestNode standby)
    {
        int?[] postmasters = [primary.PostmasterPid, standby.PostmasterPid];
        await Cluster.CreateMonitorAsync(Token);
        ShouldBeRefused(await standby.AutoctlAsync(["enable", "monitor", Cluster.MonitorUri], Token), ExitCodes.MonitorError);
        (await primary.AutoctlAsync(["enable", "monitor", Cluster.MonitorUri], Token)).Succeeded();
        (await standby.AutoctlAsync(["enable", "monitor", Cluster.MonitorUri], Token)).Succeeded();
        await Cluster.UntilSteadyAsync(Token);
        Cluster.Primary.ShouldBe(primary);
        new[] { primary.PostmasterPid, standby.PostmasterPid }.ShouldBe(postmasters);
    }

    private async Task FailOverAsync(TestNode lost, TestNode other)
    {
        await lost.KillEverythingAsync(Token);
        await PromoteAsync(other);
        (await lost.DoAsync(["standby", "crash-recovery"], Token)).Succeeded();
        (await lost.DoAsync(["pgsetup", "discover"], Token)).Output.ShouldContain("not running");

        // It was a primary when it was lost, and finds that it has been replaced.
        lost.Run();
        await Cluster.UntilAsync("it says so", () => lost.LogTail(20).Contains("is not to be a second primary", StringComparison.Ordinal), Token);
        lost.PostmasterPid.ShouldBeNull();
        await FollowAsync(lost, other, "demoted");
    }

    private static async Task PromoteAsync(TestNode node)
    {
        foreach (string state in (string[])["prepare_promotion", "stop_replication", "wait_primary"])
        {
            (await AssignAsync(node, state)).Succeeded();
        }
    }

    private async Task FollowAsync(TestNode node, TestNode primary, string from)
    {
        await ListAsync(primary, primary, node);
        await ListAsync(node, primary, node);
        foreach (string state in (string[])[from, "catchingup", "secondary"])
        {
            (await AssignAsync(node, state)).Succeeded();
        }

        (await AssignAsync(primary, "primary")).Succeeded();
    }

    private async Task CreateAsync(TestNode node, int id)
    {
        string[] command =
        [
            "create", "postgres", "--disable-monitor", "--node-id", Text(id), "--auth", "trust", "--no-ssl", "--pghost", Cluster.Files.Sockets,
            "--pgport", Text(node.Port), "--hostname", node.Host.Address, "--name", node.Name, "--pgctl", Binaries.Postgres("pg_ctl"),
        ];
        (await node.AutoctlAsync(command, Token)).Succeeded();
        (await node.AutoctlAsync(command, Token)).Succeeded();
        Directory.Exists(node.DataDirectory).ShouldBeFalse();
    }

    private async Task ListAsync(TestNode node, TestNode primary, TestNode standby)
    {
        string path = Cluster.Files.Under("nodes.json");
        await File.WriteAllTextAsync(path, new JsonArray(Entry(primary, isPrimary: true), Entry(standby, isPrimary: false)).ToJsonString(), Token);
        (await node.DoAsync(["fsm", "nodes", "set", path], Token)).Succeeded();

        JsonObject Entry(TestNode listed, bool isPrimary) => new()
        {
            ["node_id"] = listed == Cluster.Nodes[0] ? 1 : 2,
            ["node_name"] = listed.Name,
            ["node_host"] = listed.Host.Address,
            ["node_port"] = listed.Port,
            ["node_lsn"] = "0/1",
            ["node_is_primary"] = isPrimary,
        };
    }

    private Task UntilStateAsync(TestNode node, string current) => Cluster.UntilAsync(
        $"{node.Name} runs as {current}", () => node.AutoctlPid is not null && node.LogTail(50).Contains($"current state is \"{current}\"", StringComparison.Ordinal), Token);

    private static Task<CommandResult> AssignAsync(TestNode node, string state) => node.DoAsync(["fsm", "assign", state], Token);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
