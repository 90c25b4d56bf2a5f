using Npgsql;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>What keepers and operators hear from a monitor whose tables were filled from a dump.</summary>
public sealed class RestoredDatabaseTests(ThrowawayPostgres postgres)
{
    private const string Serves = """{"keeper":"test","streaming_standbys":1,"synchronous_standby_names":""}""";

    [Fact]
    public async Task Nobody_is_told_a_goal_before_all_have_reported_and_the_node_that_serves_leads_then()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        var (first, second) = await monitor.PairAsync();
        var unknown = new FakeKeeper(await monitor.ConnectAsync(), "c", 6003);
        await monitor.StopAsync();
        await using (var superuser = await postgres.ConnectAsync(monitor.Database))
        {
            // What pg_restore does: the same row, written by another transaction.
            await superuser.ExecuteAsync("create table kept as table pgautofailover_private.home; truncate pgautofailover_private.home; "
                + "insert into pgautofailover_private.home table kept; drop table kept");
        }

        await monitor.StartAsync();

        // The backup has the first one as the primary; meanwhile the second is.
        (await RefusalAsync(() => first.ReportAsync("secondary"))).ShouldContain("was restored from a backup");
        (await RefusalAsync(() => unknown.ReportAsync("secondary"))).ShouldContain("a backup that does not know node");
        (await RefusalAsync(() => first.Session.RowsAsync("select pgautofailover.set_node_candidate_priority('default', 'a', 1)"))).ShouldContain("was restored from a backup");
        (await RefusalAsync(() => unknown.RegisterAsync())).ShouldContain("was restored from a backup");

        (await second.ReportAsync("primary", evidence: Serves)).ShouldBe("wait_primary");
        (await first.ReportAsync("secondary")).ShouldBe("catchingup");
        (await RefusalAsync(() => unknown.ReportAsync("secondary"))).ShouldContain("couldn't find node");
        await unknown.RegisterAsync();
        unknown.NodeId.ShouldBeGreaterThan(second.NodeId + 1000, "ids that were given out since the backup must not be given out again");

        // Once is enough.
        await monitor.StopAsync();
        await monitor.StartAsync();
        (await second.ReportAsync("wait_primary")).ShouldBe("wait_primary");
    }

    private static async Task<string> RefusalAsync<T>(Func<Task<T>> call) => (await Should.ThrowAsync<PostgresException>(call)).MessageText;
}
