using PgAutoFailover.Harness;
using PgAutoFailover.Harness.Processes;
using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.Promoter.Tests.Servers;

/// <summary>How long it takes: alone on the machine, after all other tests.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class PromotionTests : ServerTest
{
    private const double KeepAlive = 0.5;
    private const int Count = 3;

    [Fact]
    public async Task A_primary_whose_postmaster_is_killed_under_load_is_replaced_in_time_and_comes_back_as_the_watching_standby()
    {
        var (first, second) = await Bench.PairAsync(Token, ("pg_promoter.keep_alive", "500ms"), ("pg_promoter.keepalive_count", "3"));
        (await first.RunAsync("pgbench", Token, "-h", Socket(first), "-p", $"{first.Port}", "-U", "postgres", "-i", "-q", "postgres")).Succeeded();

        await ReplaceAsync(first, second);
        (await TimelineAsync(second)).ShouldBe("00000002");

        // docs/promoter.md: the commands by which the old primary becomes a standby. A crashed one has to recover first, which pg_rewind sees to.
        await RejoinAsync(first, second);
        await first.UntilAsync("the old primary's promoter watches the new one", s => s is { InRecovery: true, HasContact: true, State: "watching" }, Token);

        await ReplaceAsync(second, first);
        (await TimelineAsync(first)).ShouldBe("00000003");
    }

    private static async Task ReplaceAsync(PromoterServer primary, PromoterServer standby)
    {
        using var load = new CancellationTokenSource();
        var writing = primary.RunAsync("pgbench", load.Token, "-h", Socket(primary), "-p", $"{primary.Port}", "-U", "postgres", "-c", "2", "-T", "60", "postgres");
        await primary.UntilAsync("there is load", async () => long.Parse(await primary.QueryAsync("select count(*) from pgbench_history", Token)) > 20, Token);

        var killed = primary.KillPostmaster();
        await standby.UntilAsync("it takes writes", async () => await standby.QueryAsync("select pg_is_in_recovery()", Token) == "False", Token);
        var took = Clock.Now - killed;
        Say($"promoted {took.TotalMilliseconds:0} ms after SIGKILL of the primary's postmaster; the limit is {(KeepAlive * Count * 1000) + 1000:0} ms");
        took.ShouldBeLessThan(TimeSpan.FromSeconds((KeepAlive * Count) + 1));

        await writing; // its connections have broken
        await standby.UntilAsync("the promoter idles", s => s is { State: "idle", ProcessPid: 0, InRecovery: false }, Token);
        standby.Processes.ShouldNotContain(pid => PromoterServer.CommandLine(pid).Contains("--data-directory", StringComparison.Ordinal));
        standby.Log.ShouldContain("pg_promoter: look 3 of 3 found primary");
        standby.Log.ShouldContain("pg_promoter: promoting this standby");
        standby.Log.ShouldContain("received promote request");
        standby.Log.ShouldContain("pg_promoter: this server is the primary");
    }

    private static async Task RejoinAsync(PromoterServer old, PromoterServer current)
    {
        await old.BuryAsync(Token);
        await current.QueryAsync("checkpoint", Token); // pg_rewind reads the new timeline from the control file
        CommandResult result = await old.RunAsync(
            "pg_rewind", Token, "--target-pgdata", old.DataDirectory, "--source-server", current.Conninfo, "--write-recovery-conf");
        result.Succeeded();
        old.SetForNextStart(("port", $"{old.Port}"), ("listen_addresses", old.Host.Address), ("pg_promoter.keep_alive", "500ms"));
        await old.StartAsync(Token);
    }

    private static async Task<string> TimelineAsync(PromoterServer server) =>
        (await server.QueryAsync("select pg_walfile_name(pg_current_wal_lsn())", Token))[..8];

    private static string Socket(PromoterServer server) => Path.GetDirectoryName(server.DataDirectory) ?? "";
}
