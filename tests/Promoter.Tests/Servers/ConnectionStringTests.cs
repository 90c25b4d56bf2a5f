using Npgsql;
using PgAutoFailover.Harness.Promoters;

namespace PgAutoFailover.Promoter.Tests.Servers;

public sealed class ConnectionStringTests : ServerTest
{
    private const string Password = "hunter2";

    [Fact]
    public async Task A_wrong_connection_string_is_reported_and_promotes_nobody_not_even_one_that_was_set_while_all_was_well()
    {
        var (primary, standby) = await Bench.PairAsync(Token);
        var other = await Bench.AddPrimaryAsync("other", Token, ofItsOwn: true);

        await ReportedAsync(standby, primary.Conninfo.Replace($"port={primary.Port}", "port=9", StringComparison.Ordinal), "rule 240", "but it still streams to this standby");
        await ReportedAsync(standby, "host=no-such-host.invalid user=postgres", "rule 230", "nothing can be said of primary no-such-host.invalid");
        await ReportedAsync(standby, other.Conninfo, "rule 220", "belongs to another cluster");
        await ReportedAsync(standby, standby.Conninfo, "rule 220", "is a standby itself");
        await ReportedAsync(standby, "host=a port=hunter2", "rule 110", "a port that is no port number");

        // The primary dies while a wrong connection string is set: its death proves nothing, neither now nor when it is put right.
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", primary.Conninfo + "0"), ("pg_promoter.keep_alive", "100ms"));
        await standby.UntilAsync("nothing is known any more", s => !s.HasContact, Token);
        primary.KillPostmaster();
        await ShouldStayStandbyAsync(standby, "there has been no contact", s => s.NextAction.Contains("rule 300", StringComparison.Ordinal));
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", ""));
        await ShouldStayStandbyAsync(standby, "there has been no contact", s => s.NextAction.Contains("rule 300", StringComparison.Ordinal));

        // Nor does a restart of the standby make it one.
        await standby.StopAsync("fast", Token);
        await standby.StartAsync(Token);
        await ShouldStayStandbyAsync(standby, "there has been no contact", s => s.NextAction.Contains("rule 300", StringComparison.Ordinal));
        Own(standby).ShouldNotContain(Password);
    }

    [Fact]
    public async Task A_password_is_shown_nowhere()
    {
        var (primary, standby) = await Bench.PairAsync(Token);
        await primary.QueryAsync($"create role watcher login password '{Password}'", Token);
        await File.WriteAllTextAsync(Path.Combine(primary.DataDirectory, "pg_hba.conf"),
            "local all all trust\nhost replication all all trust\nhost all watcher all scram-sha-256\nhost all all all trust\n", Token);
        await primary.QueryAsync("select pg_reload_conf()", Token);
        var right = $"host={primary.Host.Address} port={primary.Port} user=watcher dbname=postgres password={Password}";

        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", right));
        await standby.UntilAsync("it is in contact by the password", s => s.HasContact && s.NextAction.Contains("rule 200", StringComparison.Ordinal), Token);
        await LeavesNoTraceAsync(primary, standby, Password);

        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", right.Replace(Password, "hunter3", StringComparison.Ordinal)));
        await ShouldStayStandbyAsync(standby, "the password is rejected", s => s.LastError.Contains("28P01", StringComparison.Ordinal));
        await LeavesNoTraceAsync(primary, standby, "hunter3");

        await primary.QueryAsync("create role nobody login", Token);
        await standby.UntilAsync("the role is there", async () => await standby.QueryAsync("select 1 from pg_roles where rolname = 'nobody'", Token) == "1", Token);
        await using var connection = await standby.OpenAsync(Token, "nobody");
        await using var command = new NpgsqlCommand("show pg_promoter.primary_conninfo", connection);
        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteScalarAsync(Token))).SqlState.ShouldBe("42501");
    }

    private static async Task LeavesNoTraceAsync(PromoterServer primary, PromoterServer standby, string password)
    {
        var status = await standby.StatusAsync(Token);
        status.ToString().ShouldNotContain(password);
        (Own(standby) + Own(primary)).ShouldNotContain(password);
        foreach (var pid in standby.Processes)
        {
            (PromoterServer.CommandLine(pid) + PromoterServer.Environ(pid)).ShouldNotContain(password);
        }
    }

    // PostgreSQL itself logs each setting that a reload has changed, whatever it holds.
    private static string Own(PromoterServer server) =>
        string.Join('\n', server.Log.Split('\n').Where(l => !l.Contains("parameter \"pg_promoter.primary_conninfo\" changed to", StringComparison.Ordinal)));

    private static async Task ReportedAsync(PromoterServer standby, string conninfo, string rule, string logged)
    {
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", conninfo));
        await standby.UntilAsync($"{rule} for {conninfo}", s => s is { InRecovery: true, HasContact: false } && s.NextAction.Contains(rule, StringComparison.Ordinal), Token);
        await standby.UntilAsync($"the log says: {logged}", () => Task.FromResult(standby.Log.Contains(logged, StringComparison.Ordinal)), Token);

        // All is well again in between, so that each finds a server that was in contact.
        await standby.SetAsync(Token, ("pg_promoter.primary_conninfo", ""));
        await standby.UntilAsync("it is in contact", s => s.HasContact, Token);
    }
}
