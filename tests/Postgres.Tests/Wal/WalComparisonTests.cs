using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Wal;

/// <summary>What tells timelines apart is in the contract of a server; here is what keeps one from telling.</summary>
public sealed class WalComparisonTests : PostgresTest
{
    [Fact]
    public async Task An_upstream_that_lets_a_standby_stream_and_not_read_its_files_keeps_nobody_from_following_it()
    {
        var (primary, standby) = await PairAsync();
        (await SharesAsync(primary, standby)).ShouldBe(true);

        await primary.QueryAsync("alter role pgautofailover_replicator nosuperuser", Token);
        (await SharesAsync(primary, standby)).ShouldBeNull();
        standby.Log.ShouldContain("and not read its WAL files: permission denied for function pg_read_binary_file");

        var hba = Path.Combine(primary.Options.PgData, "pg_hba.conf");
        await File.WriteAllTextAsync(hba, "host postgres pgautofailover_replicator all reject\n" + await File.ReadAllTextAsync(hba, Token), Token);
        await primary.Server.ReloadAsync(Token);
        // The reload is taken up a moment later.
        await UntilAsync(async () => (await SharesAsync(primary, standby)) is null && standby.Log.Contains("and not read its WAL files: pg_hba.conf rejects", StringComparison.Ordinal));
    }

    private static async Task<bool?> SharesAsync(TestInstance primary, TestInstance standby)
    {
        var seen = await standby.Server.ObserveAsync(Token);
        var upstream = primary.UpstreamFor(standby);
        var identity = await standby.Server.IdentifyAsync(upstream, Token);
        return await standby.Server.SharesWalAsync(upstream, identity, seen.Timeline, seen.Lsn, Token);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}
