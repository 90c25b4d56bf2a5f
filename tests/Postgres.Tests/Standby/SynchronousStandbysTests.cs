using Npgsql;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Standby;

public sealed class SynchronousStandbysTests : PostgresTest
{
    [Fact]
    public async Task Once_set_a_commit_waits_and_once_emptied_it_is_released()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));

        await instance.Server.SetSynchronousStandbyNamesAsync("ANY 1 (pgautofailover_standby_2)", Token);

        (await instance.Server.ObserveAsync(Token)).SynchronousStandbyNames.ShouldBe("ANY 1 (pgautofailover_standby_2)");
        var commit = instance.QueryAsync("create table t ()", Token);
        while (await instance.QueryAsync("select count(*) from pg_stat_activity where wait_event = 'SyncRep'", Token) == "0")
        {
            commit.IsCompleted.ShouldBeFalse();
        }

        await instance.Server.SetSynchronousStandbyNamesAsync("", Token);
        await commit.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task Our_own_work_never_waits_for_a_standby()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.Server.SetSynchronousStandbyNamesAsync("ANY 1 (nobody)", Token);
        await using var connection = new NpgsqlConnection(instance.Server.LocalConnectionString("postgres"));
        await connection.OpenAsync(Token);
        await using var drop = new NpgsqlCommand("set synchronous_commit = local; drop role pgautofailover_monitor", connection);
        await drop.ExecuteNonQueryAsync(Token);

        await instance.Server.CreateRolesAsync(["127.0.0.1"], Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
    }
}
