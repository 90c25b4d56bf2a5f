namespace PgAutoFailover.Promoter.Tests.Servers;

public sealed class HoldTests : ServerTest
{
    [Fact]
    public async Task A_lag_a_dry_run_and_a_failed_fence_hold_the_promotion_up_and_the_commands_run_around_it()
    {
        var (primary, standby) = await Bench.PairAsync(Token, ("pg_promoter.keepalive_count", "2"), ("pg_promoter.max_lag", "1MB"));
        string fenced = standby.LogFile + ".fenced", triggered = standby.LogFile + ".triggered";

        // It goes on watching, but receives nothing any more.
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", primary.Conninfo), ("primary_conninfo", "host=127.0.0.1 port=9"));
        await standby.UntilAsync("it receives nothing", async () => await standby.QueryAsync("select count(*) from pg_stat_wal_receiver", Token) == "0", Token);
        await primary.QueryAsync("create table much as select generate_series(1, 100000) i; select 1", Token);
        await standby.UntilAsync("it is behind", s => s.Behind > 1024 * 1024, Token);

        primary.KillPostmaster();
        await ShouldStayStandbyAsync(standby, "it is too far behind", s => s.NextAction.Contains("pg_promoter.max_lag allows 1048576", StringComparison.Ordinal));

        await standby.SetAsync(Token, ("pg_promoter.max_lag", "-1"), ("pg_promoter.dry_run", "on"), ("pg_promoter.fence_command", $"touch {fenced}"));
        await ShouldStayStandbyAsync(standby, "it is a dry run", s => s.NextAction.Contains("else it would promote now (rule 400)", StringComparison.Ordinal));
        File.Exists(fenced).ShouldBeFalse("a dry run does not fence");

        await standby.SetAsync(Token, ("pg_promoter.dry_run", "off"), ("pg_promoter.fence_command", "echo no power switch; exit 3"));
        await ShouldStayStandbyAsync(standby, "the fence fails", s => s.NextAction.Contains("fence", StringComparison.Ordinal));
        standby.Log.ShouldContain("it ended with exit code 3, and said: no power switch");

        await standby.SetAsync(Token, ("pg_promoter.fence_command", "sleep 60"), ("pg_promoter.command_timeout", "200ms"));
        await ShouldStayStandbyAsync(standby, "the fence hangs", s => s.NextAction.Contains("fence", StringComparison.Ordinal));
        standby.Log.ShouldContain("it was killed, as it took longer than 0.2 s");

        await standby.SetAsync(Token, ("pg_promoter.fence_command", $"echo $PG_PROMOTER_HOST $PG_PROMOTER_PORT > {fenced}"), ("pg_promoter.command_timeout", "30s"),
            ("pg_promoter.trigger_command", $"cat {fenced} > {triggered}"));
        await standby.UntilAsync("it is promoted", s => s is { InRecovery: false, State: "idle" }, Token);
        (await File.ReadAllTextAsync(triggered, Token)).Trim().ShouldBe($"{primary.Host.Address} {primary.Port}");
        standby.Log.ShouldContain("trigger_command has succeeded");
    }

    [Fact]
    public async Task A_fence_that_leaves_the_primary_alive_promotes_nobody()
    {
        var (primary, standby) = await Bench.PairAsync(Token, ("pg_promoter.keepalive_count", "2"));

        // The "fence" starts it again, and says that all is well.
        var start = $"{Path.GetDirectoryName(standby.LogFile)}/start";
        await File.WriteAllTextAsync(start, "", Token);
        await standby.SetAsync(Token, ("pg_promoter.fence_command", $"touch {start}.wanted; while [ ! -e {start}.done ]; do sleep 0.1; done"));
        primary.KillPostmaster();
        await standby.UntilAsync("the fence command runs", () => Task.FromResult(File.Exists(start + ".wanted")), Token);
        await primary.UntilAsync("its processes have ended", () => Task.FromResult(primary.Processes.Count == 0), Token);
        await primary.StartAsync(Token);
        await File.WriteAllTextAsync(start + ".done", "", Token);

        await ShouldStayStandbyAsync(standby, "it is in contact again", s => s.Failures == 0 && s.NextAction.Contains("rule 200", StringComparison.Ordinal));
    }
}
