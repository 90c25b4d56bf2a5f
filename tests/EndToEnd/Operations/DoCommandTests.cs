using System.Globalization;
using System.Text.Json;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>Commands below <c>do</c> on a pair that runs.</summary>
[Collection(nameof(DefaultPair))]
public sealed class DoCommandTests(DefaultPair pair) : ClusterTest(pair)
{
    [Fact]
    public async Task A_running_server_is_discovered_the_way_status_shows_it()
    {
        TestNode node = Cluster.Primary;
        using var discovered = JsonDocument.Parse((await DoAsync(node, "pgsetup", "discover", "--json")).Succeeded().Output);
        using var status = JsonDocument.Parse((await node.AutoctlAsync(["status", "--json"], Token)).Succeeded().Output);
        JsonElement shown = discovered.RootElement, other = status.RootElement.GetProperty("postgres");
        shown.GetProperty("pid").GetInt32().ShouldBe(node.PostmasterPid ?? 0);
        shown.EnumerateObject().Select(p => p.Name).ShouldBe(other.EnumerateObject().Select(p => p.Name));
        shown.GetProperty("port").GetInt32().ShouldBe(other.GetProperty("port").GetInt32());
        shown.GetProperty("control").GetProperty("system_identifier").GetString()!.Length.ShouldBeGreaterThan(10);

        (await DoAsync(node, "pgsetup", "discover")).Succeeded().Output.ShouldContain("Postmaster status:     ready");
        (await DoAsync(node, "pgsetup", "ready")).Succeeded().Error.ShouldContain("\"ready\"");
        (await DoAsync(node, "pgsetup", "wait")).Succeeded().Error.ShouldContain($"pid {node.PostmasterPid}");
        (await DoAsync(node, "pgsetup", "logs")).Succeeded().Error.ShouldContain("database system is ready to accept connections");
        (await DoAsync(node, "pgsetup", "startup")).Succeeded().Error.ShouldContain("startup.log");
        (await DoAsync(node, "pgsetup", "pg_ctl")).Succeeded().Error.ShouldContain("would use");
    }

    [Fact]
    public async Task The_state_machine_is_shown_from_where_the_node_is()
    {
        TestNode node = Cluster.Secondary;
        using var state = JsonDocument.Parse((await DoAsync(node, "fsm", "state")).Succeeded().Output);
        state.RootElement.GetProperty("state").GetProperty("current_role").GetString().ShouldBe("secondary");
        state.RootElement.GetProperty("postgres").GetProperty("in_recovery").GetBoolean().ShouldBeTrue();
        (await DoAsync(node, "fsm", "list")).Succeeded().Output.ShouldContain("prepare_promotion");
    }

    [Fact]
    public async Task The_monitor_tells_what_it_tells_a_keeper()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        string address = string.Create(CultureInfo.InvariantCulture, $"{primary.Host.Address}:{primary.Port}");
        (await DoAsync(standby, "monitor", "get", "primary")).Succeeded().Output.ShouldBe($"default/0 {address}\n");
        (await DoAsync(Cluster.Monitor, "monitor", "get", "primary")).Succeeded().Output.ShouldBe($"default/0 {address}\n");
        using var json = JsonDocument.Parse((await DoAsync(standby, "monitor", "get", "primary", "--json")).Succeeded().Output);
        json.RootElement.GetProperty("name").GetString().ShouldBe(primary.Name);
        (await DoAsync(standby, "monitor", "get", "others")).Succeeded().Output.ShouldContain(address);
        using var others = JsonDocument.Parse((await DoAsync(standby, "monitor", "get", "others", "--json")).Succeeded().Output);
        others.RootElement.EnumerateArray().Single().GetProperty("node_is_primary").GetBoolean().ShouldBeTrue();
        (await standby.AutoctlAsync(["completion", "nodes"], Token)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe([primary.Name, standby.Name], ignoreOrder: true);
        (await Cluster.Monitor.AutoctlAsync(["completion", "formations"], Token)).Succeeded().Output.ShouldBe("default\n");
        (await DoAsync(Cluster.Monitor, "monitor", "version")).Succeeded().Output.ShouldBe("2.0\n");
        (await DoAsync(standby, "monitor", "get", "coordinator")).ExitCode.ShouldBe(ExitCodes.BadArguments);
        (await DoAsync(standby, "monitor", "active")).Succeeded().Output.ShouldEndWith(" secondary\n");
        (await DoAsync(primary, "monitor", "active")).Succeeded().Output.ShouldEndWith(" primary\n");
        (await DoAsync(standby, "monitor", "get", "candidate-count")).Succeeded().Output.ShouldBe("1\n");
        (await DoAsync(standby, "monitor", "register")).ExitCode.ShouldBe(ExitCodes.BadState);
        (await DoAsync(standby, "fsm", "step")).ExitCode.ShouldBe(ExitCodes.BadState);
        (await DoAsync(standby, "primary", "adduser", "replica")).ExitCode.ShouldBe(ExitCodes.BadState);
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task A_service_is_restarted_alone_and_the_others_and_the_application_do_not_notice()
    {
        TestNode primary = Cluster.Primary;
        string pid = Text(primary.AutoctlPid);
        int? postmaster = primary.PostmasterPid;
        foreach (string service in (string[])["postgres", "node-active"])
        {
            (await DoAsync(primary, "service", "getpid", service)).Succeeded().Output.ShouldBe(pid + "\n");
        }

        (await DoAsync(primary, "service", "restart", "node-active")).Succeeded().Output.ShouldBe(pid + "\n");
        (await DoAsync(Cluster.Monitor, "service", "restart", "listener")).Succeeded().Output.ShouldBe(Text(Cluster.Monitor.AutoctlPid) + "\n");
        primary.PostmasterPid.ShouldBe(postmaster);
        (await DoAsync(primary, "service", "restart", "listener")).ExitCode.ShouldBe(Internal);
        await ShouldBeWholeAgainAsync();
        primary.ShouldBe(Cluster.Primary);
    }

    [Fact]
    public async Task PostgreSQL_is_restarted_in_place_of_primary_standby_and_monitor()
    {
        TestNode primary = Cluster.Primary;
        foreach (TestNode node in (TestNode[])[Cluster.Secondary, Cluster.Monitor, primary])
        {
            int? postmaster = node.PostmasterPid;
            (await DoAsync(node, "service", "restart", "postgres")).Succeeded().Output.ShouldBe(Text(node.AutoctlPid) + "\n");
            node.PostmasterPid.ShouldNotBeNull();
            node.PostmasterPid.ShouldNotBe(postmaster);
            await ShouldBeWholeAgainAsync();
        }

        Cluster.Primary.ShouldBe(primary);
    }

    [Fact]
    public async Task PostgreSQL_is_switched_off_and_on_in_maintenance_and_only_then()
    {
        TestNode standby = Cluster.Secondary;
        (await DoAsync(standby, "pgctl", "off")).ExitCode.ShouldBe(ExitCodes.BadState);
        (await DoAsync(Cluster.Monitor, "pgctl", "off")).ExitCode.ShouldBe(ExitCodes.BadState);
        standby.PostmasterPid.ShouldNotBeNull();

        (await standby.AutoctlAsync(["enable", "maintenance"], Token)).Succeeded();
        (await DoAsync(standby, "service", "restart", "postgres")).ExitCode.ShouldBe(ExitCodes.BadState);
        (await DoAsync(standby, "pgctl", "off")).Succeeded();
        standby.PostmasterPid.ShouldBeNull();
        (await DoAsync(standby, "pgctl", "off")).Succeeded();
        (await DoAsync(standby, "pgsetup", "ready")).ExitCode.ShouldBe(4);
        (await DoAsync(standby, "pgctl", "on")).Succeeded();
        standby.PostmasterPid.ShouldNotBeNull();
        (await standby.AutoctlAsync(["disable", "maintenance"], Token)).Succeeded();
        await ShouldBeWholeAgainAsync();
    }

    [Fact]
    public async Task Slots_are_made_and_dropped_and_a_server_says_which_cluster_it_is()
    {
        TestNode primary = Cluster.Primary;
        (await DoAsync(primary, "primary", "slot", "create", "by_hand")).Succeeded();
        (await DoAsync(primary, "primary", "slot", "create", "by_hand")).Succeeded().Error.ShouldContain("already");
        (await Cluster.ScalarAsync(primary, "select count(*) from pg_replication_slots where slot_name = 'by_hand' and restart_lsn is not null", Token)).ShouldBe(1L);
        (await DoAsync(primary, "primary", "slot", "drop", "by_hand")).Succeeded();
        (await DoAsync(primary, "primary", "slot", "drop", "by_hand")).Succeeded();
        (await DoAsync(primary, "primary", "slot", "create", "Not a name")).ExitCode.ShouldBe(ExitCodes.BadArguments);

        string identifier = (await Cluster.ScalarAsync(primary, "select system_identifier::text from pg_control_system()", Token))!.ToString()!;
        string port = Text(primary.Port);
        (await DoAsync(Cluster.Secondary, "primary", "identify", "system", primary.Host.Address, port)).Succeeded().Output.ShouldContain(identifier);
        (await DoAsync(Cluster.Secondary, "primary", "identify", "--host", primary.Host.Address, "--port", port)).Succeeded().Output.ShouldContain(identifier);
        (await DoAsync(Cluster.Secondary, "primary", "identify", primary.Host.Address, "1")).ExitCode.ShouldBe(ExitCodes.PostgresControl);
    }

    [Fact]
    public async Task A_node_that_has_a_monitor_is_neither_promoted_nor_rewound_behind_its_back()
    {
        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        (await DoAsync(standby, "standby", "promote")).ExitCode.ShouldBe(ExitCodes.BadState);
        (await DoAsync(standby, "standby", "rewind", primary.Host.Address, Text(primary.Port))).ExitCode.ShouldBe(ExitCodes.BadState);
        await ShouldBeWholeAgainAsync();
        Cluster.Primary.ShouldBe(primary);
    }

    private const int Internal = 12;

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static Task<CommandResult> DoAsync(TestNode node, params string[] words) => node.DoAsync(words, Token);
}
