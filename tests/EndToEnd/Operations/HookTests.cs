using Npgsql;
using PgAutoFailover.EndToEnd.Pairs;
using PgAutoFailover.Harness.Clusters;
using PgAutoFailover.Harness.Processes;

namespace PgAutoFailover.EndToEnd.Operations;

/// <summary>What an operator has run before and after changes.</summary>
[Collection(nameof(DefaultPair))]
public sealed class HookTests(DefaultPair pair) : ClusterTest(pair)
{
    private string Told => Cluster.Files.Under("hooks.told");

    private string Mood => Cluster.Files.Under("hooks.mood");

    [Fact]
    public async Task Hooks_hear_of_each_change_and_may_refuse_what_is_planned_but_never_what_a_failure_causes()
    {
        await Cluster.Nodes[0].ExecuteAsync(["touch", Told], Token);
        foreach (TestNode node in Cluster.Nodes)
        {
            await ConfigureAsync(node, "hooks.after_change", $"sh -c 'echo $PG_AUTOCTL_HOOK_NODE_NAME: $PG_AUTOCTL_HOOK_FROM_STATE to $PG_AUTOCTL_HOOK_TO_STATE, primary $PG_AUTOCTL_HOOK_PRIMARY_PORT >>{Told}'");
            await ConfigureAsync(node, "hooks.timeout", "2");
            await ConfigureAsync(node, "hooks.before_change", $"sh -c '. {Mood}'");
        }

        TestNode primary = Cluster.Primary, standby = Cluster.Secondary;
        await SetMoodAsync($"echo $PG_AUTOCTL_HOOK_NODE_NAME agrees to a $PG_AUTOCTL_HOOK_OPERATION >>{Told}");
        await UntilKnownAsync();
        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover"], Token)).Succeeded();
        await UntilServedByAsync(standby);
        await Cluster.UntilAsync("both hooks were told", () => Lines.Contains($"{primary}: catchingup to secondary, primary {standby.Port}") && Lines.Contains($"{standby}: wait_primary to primary, primary {standby.Port}"), Token);
        Lines[..2].ShouldBe([$"{primary} agrees to a failover", $"{standby} agrees to a failover"], ignoreOrder: true);
        Lines.ShouldContain(l => l.StartsWith($"{primary}: primary to draining, primary ", StringComparison.Ordinal));
        (primary, standby) = (standby, primary);

        // Only the standby's refuses.
        await SetMoodAsync($"test $PG_AUTOCTL_HOOK_NODE_NAME = {primary} || {{ echo a backup is under way; exit 3; }}");
        await ShouldBeRefusedAsync(Cluster.Monitor, ["perform", "switchover"], standby, "exit code 3: a backup is under way");
        await ShouldBeRefusedAsync(Cluster.Monitor, ["perform", "promotion", "--name", standby.Name], standby, "exit code 3: a backup is under way");
        await ShouldBeRefusedAsync(standby, ["enable", "maintenance"], standby, "exit code 3: a backup is under way");
        await ShouldBeRefusedAsync(primary, ["enable", "maintenance", "--allow-failover"], standby, "exit code 3: a backup is under way");
        PostgresException refusal = await Should.ThrowAsync<PostgresException>(() => Cluster.SqlAsync(Cluster.Monitor, "select pgautofailover.perform_failover()", Token));
        refusal.SqlState.ShouldBe("38000");
        Cluster.Primary.ShouldBe(primary);

        await SetMoodAsync("sleep 600");
        await ShouldBeRefusedAsync(Cluster.Monitor, ["perform", "switchover"], by: null, "it took longer than 2 s and was ended", StringComparison.OrdinalIgnoreCase);
        Cluster.Primary.ShouldBe(primary);

        (await Cluster.Monitor.AutoctlAsync(["perform", "switchover", "--skip-hooks"], Token)).Succeeded();
        await UntilServedByAsync(standby);
        await Cluster.UntilSteadyAsync(Token);
        (await Cluster.ScalarAsync(Cluster.Monitor, "select count(*) > 0 from pgautofailover.last_events(100) where description like 'Hook before_change of % is left out%'", Token)).ShouldBe(true);

        // Hooks hang as before, and it takes no longer for that.
        (primary, standby) = (standby, primary);
        await primary.KillEverythingAsync(Token);
        await UntilServedByAsync(standby);
        primary.Run();
        foreach (TestNode node in Cluster.Nodes)
        {
            await ConfigureAsync(node, "hooks.before_change", "");
            await ConfigureAsync(node, "hooks.after_change", "");
            await ConfigureAsync(node, "hooks.timeout", "");
        }

        await ShouldBeWholeAgainAsync();
    }

    private string[] Lines => File.ReadAllLines(Told);

    private static async Task ShouldBeRefusedAsync(
        TestNode at, IReadOnlyList<string> command, TestNode? by, string words, StringComparison comparison = StringComparison.Ordinal)
    {
        CommandResult result = await at.AutoctlAsync(command, Token);
        result.ExitCode.ShouldBe(ExitCodes.MonitorError, result.Output + result.Error);
        result.Error.ShouldContain(by is null ? "hook before_change of node" : $"\"{by}\" (localhost:{by.Port}) refuses it");
        result.Error.Contains(words, comparison).ShouldBeTrue(result.Error);
        result.Error.ShouldContain("--skip-hooks");
    }

    private static async Task ConfigureAsync(TestNode node, string key, string value) =>
        (await node.AutoctlAsync(["config", "set", key, value], Token)).Succeeded();

    private async Task SetMoodAsync(string script)
    {
        await File.WriteAllTextAsync(Mood, script, Token);
        await Cluster.Nodes[0].ExecuteAsync(["chmod", "644", Mood], Token);
    }

    /// <summary>Waits until both nodes can be asked, and have told the monitor so: with the report that follows the reading of their configuration.</summary>
    private async Task UntilKnownAsync()
    {
        const string Listening = "select count(*) = 2 from pg_stat_activity where application_name = 'pg_autoctl hooks' and query like 'listen%'";
        await Cluster.UntilAsync("the hooks can be asked", async () => await Cluster.ScalarAsync(Cluster.Monitor, Listening, Token) is true, Token);
        object since = await Cluster.ScalarAsync(Cluster.Monitor, "select now()::text", Token) ?? throw new InvalidOperationException("no time");
        string reported = $"select count(*) = 2 from pgautofailover.node where reporttime > '{since}'::timestamptz + interval '3 s'";
        await Cluster.UntilAsync("the monitor knows of the hooks", async () => await Cluster.ScalarAsync(Cluster.Monitor, reported, Token) is true, Token);
    }
}
