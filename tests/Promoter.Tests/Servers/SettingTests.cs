using Npgsql;

namespace PgAutoFailover.Promoter.Tests.Servers;

public sealed class SettingTests : ServerTest
{
    private static readonly (string Name, string Type, string Unit, string Default)[] s_settings =
    [
        ("command_timeout", "integer", "ms", "30000"),
        ("connect_timeout", "integer", "ms", "2000"),
        ("dry_run", "bool", "", "off"),
        ("fence_command", "string", "", ""),
        ("keep_alive", "real", "s", "5"),
        ("keepalive_count", "integer", "", "3"),
        ("keepalive_time", "real", "s", "0"),
        ("max_lag", "integer", "kB", "-1"),
        ("primary_conninfo", "string", "", ""),
        ("statement_timeout", "integer", "ms", "2000"),
        ("trigger_command", "string", "", ""),
        ("witness_quorum", "integer", "", "0"),
        ("witnesses", "string", "", ""),
    ];

    [Fact]
    public async Task Each_setting_is_PostgreSQLs_own_and_in_force_after_a_reload()
    {
        var (primary, standby) = await Bench.PairAsync(Token);
        await HaveTypesUnitsAndDescriptionsAsync(standby);

        // What cannot be seen in the view is seen in what a look does: tests of witnesses and commands are elsewhere.
        await standby.SetAsync(Token, ("pg_promoter.keep_alive", "250ms"), ("pg_promoter.keepalive_count", "7"));
        await LogsAsync(standby, "every 0.25 s over a replication connection; 7 failed looks");
        await standby.SetAsync(Token, ("pg_promoter.keepalive_time", "0.2"));
        await LogsAsync(standby, "every 0.2 s over a replication connection; 7 failed looks");
        await standby.SetAsync(Token, ("pg_promoter.keepalive_time", "0"), ("pg_promoter.primary_conninfo", primary.Conninfo));
        await LogsAsync(standby, "every 0.25 s over an ordinary connection; 7 failed looks");
        await standby.SetAsync(Token, ("pg_promoter.witness_quorum", "2"));
        await standby.UntilAsync("a quorum of nobody is wrong", s => s.NextAction.Contains("pg_promoter.witness_quorum is 2", StringComparison.Ordinal), Token);
        await standby.SetAsync(Token, ("pg_promoter.witness_quorum", "0"), ("pg_promoter.witnesses", $"{primary.Host.Address}:{primary.Port}"));
        await standby.UntilAsync("the witness is asked", s => s.Witnesses.Contains("sees the primary", StringComparison.Ordinal), Token);
        await standby.SetAsync(Token, ("pg_promoter.witnesses", ""));
        await standby.UntilAsync("nobody is asked", s => s.Witnesses == "[]", Token);

        // A change of these leaves what is known of the primary alone.
        var looks = (await standby.StatusAsync(Token)).Looks;
        await standby.SetAsync(Token, ("pg_promoter.connect_timeout", "700ms"), ("pg_promoter.statement_timeout", "1s"), ("pg_promoter.max_lag", "1GB"),
            ("pg_promoter.fence_command", "true"), ("pg_promoter.trigger_command", "true"), ("pg_promoter.command_timeout", "1min"), ("pg_promoter.dry_run", "on"));
        await standby.UntilAsync("it goes on", s => s.Looks > looks + 2 && s.HasContact, Token);
        primary.KillPostmaster();
        await standby.UntilAsync("dry_run holds it", s => s is { InRecovery: true, Failures: >= 7 } && s.NextAction.Contains("pg_promoter.dry_run is on", StringComparison.Ordinal), Token);
    }

    private static async Task HaveTypesUnitsAndDescriptionsAsync(Harness.Promoters.PromoterServer server)
    {
        await using var connection = await server.OpenAsync(Token);
        await using var command = new NpgsqlCommand(
            "select name, vartype, coalesce(unit, ''), boot_val, context, short_desc from pg_settings where name like 'pg_promoter.%' order by name collate \"C\"", connection);
        await using var row = await command.ExecuteReaderAsync(Token);
        var seen = new List<(string, string, string, string)>();
        while (await row.ReadAsync(Token))
        {
            seen.Add((row.GetString(0)["pg_promoter.".Length..], row.GetString(1), row.GetString(2), row.GetString(3)));
            row.GetString(4).ShouldBe("sighup");
            row.GetString(5).ShouldNotBeNullOrWhiteSpace();
        }

        seen.ShouldBe(s_settings);
        await row.DisposeAsync();
        foreach (var wrong in (string[])["keep_alive = '1us'", "keep_alive = '2h'", "keepalive_count = 0", "connect_timeout = '10ms'", "max_lag = -2", "dry_run = perhaps", "no_such = 1"])
        {
            await using var set = new NpgsqlCommand($"alter system set pg_promoter.{wrong}", connection);
            await Should.ThrowAsync<PostgresException>(() => set.ExecuteNonQueryAsync(Token), wrong);
        }
    }

    private static Task LogsAsync(Harness.Promoters.PromoterServer server, string text) =>
        server.UntilAsync($"the log says: {text}", () => Task.FromResult(server.Log.Contains(text, StringComparison.Ordinal)), Token);
}
