using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.Promoter.Tests.Servers;

/// <summary>All that is not "gone". One pair, and one thing after the other.</summary>
public sealed class StillThereTests : ServerTest
{
    [Fact]
    public async Task A_primary_that_refuses_starts_up_shuts_down_is_full_rejects_the_password_restarts_or_hangs_for_a_moment_is_not_replaced()
    {
        var (primary, standby) = await Bench.PairAsync(
            Token, ("pg_promoter.keepalive_count", "3"), ("pg_promoter.connect_timeout", "1s"), ("pg_promoter.statement_timeout", "1s"));

        await RejectsThePasswordAsync(primary, standby);
        await HasNoRuleForUsAsync(primary, standby);
        await HasTooManyClientsAsync(primary, standby);
        await ShutsDownAsync(primary, standby);
        await StartsUpAsync(primary, standby);
        await RestartsAsync(primary, standby);
        await HangsForAMomentAsync(primary, standby);

        // And it is not that it could not.
        primary.KillPostmaster();
        await standby.UntilAsync("it is promoted", s => !s.InRecovery, Token);
    }

    private static async Task RejectsThePasswordAsync(PromoterServer primary, PromoterServer standby)
    {
        await WithRuleAsync(primary, "host replication postgres all scram-sha-256", async () =>
            await ShouldStayStandbyAsync(standby, "the password is rejected", s => s.Failures == 0 && s.LastError.Contains("password", StringComparison.Ordinal)));
        await InContactAsync(standby);
    }

    private static async Task HasNoRuleForUsAsync(PromoterServer primary, PromoterServer standby)
    {
        await WithRuleAsync(primary, "host replication postgres all reject", async () =>
            await ShouldStayStandbyAsync(standby, "pg_hba.conf rejects", s => s.Failures == 0 && s.LastError.Contains("28000", StringComparison.Ordinal)));
        await InContactAsync(standby);
    }

    private static async Task HasTooManyClientsAsync(PromoterServer primary, PromoterServer standby)
    {
        // Superusers have places of their own, so the limit of connections is exhausted by an ordinary role.
        await primary.QueryAsync("create role guest login", Token);
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", primary.Conninfo.Replace("user=postgres", "user=guest", StringComparison.Ordinal)));
        await InContactAsync(standby);
        await primary.QueryAsync("alter role guest connection limit 0", Token);
        await ShouldStayStandbyAsync(standby, "too many clients", s => s.Failures == 0 && s.LastError.Contains("53300", StringComparison.Ordinal));
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", ""));
        await InContactAsync(standby);
    }

    private static async Task ShutsDownAsync(PromoterServer primary, PromoterServer standby)
    {
        // A smart shutdown waits for clients, and lets nobody else in meanwhile.
        await using (await primary.OpenAsync(Token))
        {
            PromoterServer.Signal(primary.PostmasterPid, 15);
            await ShouldStayStandbyAsync(standby, "the primary shuts down", s => s.Failures == 0 && s.LastError.Contains("shutting down", StringComparison.Ordinal));

            // Before the last client goes, and with it the server.
            await standby.SetAsync(Token, ("pg_promoter.keepalive_count", "1000"));
        }
    }

    private static async Task StartsUpAsync(PromoterServer primary, PromoterServer standby)
    {
        await primary.UntilAsync("it has stopped", () => Task.FromResult(!File.Exists(Path.Combine(primary.DataDirectory, "postmaster.pid"))), Token);

        // Started as a server that waits for an archive, it starts up for as long as we like.
        var signal = Path.Combine(primary.DataDirectory, "recovery.signal");
        await File.WriteAllTextAsync(signal, "", Token);
        primary.SetForNextStart(("restore_command", "while [ -e recovery.signal ]; do sleep 0.1; done; false"), ("hot_standby", "off"), ("recovery_target_timeline", "1"));
        await primary.StartWithoutWaitingAsync(Token);
        await standby.UntilAsync("the primary starts up", s => s.LastError.Contains("57P03", StringComparison.Ordinal), Token);
        await standby.SetAsync(Token, ("pg_promoter.keepalive_count", "3"));
        await ShouldStayStandbyAsync(standby, "the primary starts up", s => s.Failures == 0 && s.LastError.Contains("57P03", StringComparison.Ordinal));

        await primary.StopAsync("immediate", Token);
        File.Delete(signal);
        await standby.SetAsync(Token, ("pg_promoter.keepalive_count", "1000"));
        primary.SetForNextStart(("restore_command", ""), ("hot_standby", "on"));
        await primary.StartAsync(Token);
        await InContactAsync(standby);
        await standby.SetAsync(Token, ("pg_promoter.keepalive_count", "3"));
    }

    private static async Task RestartsAsync(PromoterServer primary, PromoterServer standby)
    {
        await standby.SetAsync(Token, ("pg_promoter.keepalive_count", "40")); // 12 s
        await primary.StopAsync("fast", Token);
        await standby.UntilAsync("the failure is noticed", s => s.Failures > 0, Token);
        await primary.StartAsync(Token);
        await InContactAsync(standby);
        standby.Log.ShouldContain("answers again after");

        primary.KillPostmaster();
        await standby.UntilAsync("the failure is noticed", s => s.Failures > 0, Token);
        await primary.UntilAsync("its processes have ended", () => Task.FromResult(primary.Processes.Count == 0), Token);
        await primary.StartAsync(Token);
        await InContactAsync(standby);
    }

    private static async Task HangsForAMomentAsync(PromoterServer primary, PromoterServer standby)
    {
        primary.SignalAll(SigStop);
        await standby.UntilAsync("a look goes without an answer", s => s.Failures > 0 && s.LastError.Contains("timeout", StringComparison.Ordinal), Token);
        primary.SignalAll(SigCont);
        await InContactAsync(standby);
        await standby.SetAsync(Token, ("pg_promoter.keepalive_count", "3"));
    }

    private static async Task WithRuleAsync(PromoterServer primary, string rule, Func<Task> act)
    {
        var file = Path.Combine(primary.DataDirectory, "pg_hba.conf");
        var before = await File.ReadAllTextAsync(file, Token);
        await File.WriteAllTextAsync(file, rule + "\n" + before, Token);
        PromoterServer.Signal(primary.PostmasterPid, SigHup);
        await act();
        await File.WriteAllTextAsync(file, before, Token);
        PromoterServer.Signal(primary.PostmasterPid, SigHup);
    }

    private static Task InContactAsync(PromoterServer standby) =>
        standby.UntilAsync("it is in contact again", s => s is { InRecovery: true, Failures: 0 } && s.NextAction.Contains("rule 200", StringComparison.Ordinal), Token);
}
