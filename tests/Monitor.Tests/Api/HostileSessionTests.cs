using Npgsql;
using PgAutoFailover.Monitor.Tests.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Monitor.Tests.Api;

/// <summary>Sessions with the password of nodes that want to keep the monitor from its work, by what PostgreSQL gives to everybody.</summary>
public sealed class HostileSessionTests(ThrowawayPostgres postgres)
{
    [Fact]
    public async Task Any_number_of_forged_notifications_does_not_keep_an_edit_from_being_seen()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var node = await monitor.ConnectAsync();
        await node.ExecuteAsync("select pg_notify('pgautofailover_edit', i::text), pg_notify('state', 'x' || i) from generate_series(1, 200000) as i");

        await using (var superuser = await postgres.ConnectAsync(monitor.Database))
        {
            await superuser.ExecuteAsync("update pgautofailover.formation set dbname = 'edited'");
        }

        await Eventually.SatisfiesAsync(() => Task.FromResult(monitor.Service?.Status?.Groups[0].Formation.DbName), name => name == "edited", withinSeconds: 10);
    }

    [Fact]
    public async Task A_transaction_that_stays_open_puts_an_upgrade_off_and_does_not_end_the_service()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await monitor.StopAsync();
        await using var superuser = await postgres.ConnectAsync(monitor.Database);
        await superuser.ExecuteAsync("update pgautofailover_private.schema_version set functions = 'of an older program'");
        await using var node = await monitor.ConnectAsync();
        await node.ExecuteAsync("begin; select from pgautofailover.settings");

        var starting = monitor.StartAsync();
        var first = await WaitingAsync(superuser, _ => true);
        await WaitingAsync(superuser, pid => pid != first); // the first attempt has been given up
        starting.IsCompleted.ShouldBeFalse();
        await node.ExecuteAsync("rollback");

        await starting;
    }

    [Fact]
    public async Task A_registration_that_is_refused_leaves_no_group_behind()
    {
        await using var monitor = await RunningMonitor.StartAsync(postgres);
        await using var node = await monitor.ConnectAsync();
        await node.RowsAsync("select pgautofailover.create_formation('c', 'citus', 'postgres', true, 0)");

        (await node.ErrorAsync("select pgautofailover.register_node('c', '127.0.0.1', 6001, 'postgres', node_kind => 'worker', desired_group_id => 77, candidate_priority => 1000)"))
            .SqlState.ShouldBe("22023");

        // What another formation has, only the tables know.
        await node.RowsAsync("select pgautofailover.register_node('default', '127.0.0.1', 6001, 'postgres')");
        (await node.ErrorAsync("select pgautofailover.register_node('c', '127.0.0.1', 6001, 'postgres', node_kind => 'worker', desired_group_id => 78)"))
            .SqlState.ShouldBe("23505");

        monitor.Service!.Status!.Groups.Select(g => (g.Formation.Id, g.GroupId)).ShouldBe([("c", 0), ("default", 0)], ignoreOrder: true); // it runs
    }

    private static async Task<string> WaitingAsync(NpgsqlConnection superuser, Func<string, bool> isIt)
    {
        var pids = await Eventually.SatisfiesAsync(
            () => superuser.RowsAsync("select pid from pg_stat_activity where application_name = 'pg_autoctl monitor service' and wait_event_type = 'Lock'"),
            pids => pids.Any(isIt));
        return pids.First(isIt);
    }
}
