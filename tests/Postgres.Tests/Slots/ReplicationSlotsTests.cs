using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Slots;

public sealed class ReplicationSlotsTests : PostgresTest
{
    private const string Names = "select string_agg(slot_name, ' ' order by slot_name) from pg_replication_slots";

    [Fact]
    public async Task A_primary_has_a_slot_for_each_other_node_and_drops_those_of_nodes_that_are_gone()
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.QueryAsync("select pg_create_physical_replication_slot('mine')", Token);

        await instance.Server.EnsureSlotsAsync([Node(2), Node(3)], Token);
        (await instance.QueryAsync(Names, Token)).ShouldBe("mine pgautofailover_standby_2 pgautofailover_standby_3");

        await instance.Server.EnsureSlotsAsync([Node(3)], Token);
        (await instance.QueryAsync(Names, Token)).ShouldBe("mine pgautofailover_standby_3");

        await instance.Server.DropSlotsAsync(Token);
        (await instance.QueryAsync(Names, Token)).ShouldBe("mine");
    }

    [Fact]
    public async Task A_standby_advances_its_slots_and_never_moves_one_back()
    {
        var (primary, standby) = await PairAsync();
        await standby.Server.EnsureSlotsAsync([primary.Address], Token);
        await primary.QueryAsync("create table t as select generate_series(1, 1000) i", Token);
        var end = (await primary.Server.ObserveAsync(Token)).Lsn;
        await standby.WaitUntilAsync(o => o.Lsn >= end, Token);
        const string Position = "select restart_lsn::text from pg_replication_slots where slot_name = 'pgautofailover_standby_1' and restart_lsn <= pg_last_wal_replay_lsn()";

        await standby.Server.EnsureSlotsAsync([Node(1, new Lsn(end.Value + 1_000_000))], Token);
        var advanced = Lsn.Parse(await standby.QueryAsync(Position, Token));
        advanced.ShouldBeGreaterThan(Lsn.Parse("0/2000000"));

        await standby.Server.EnsureSlotsAsync([Node(1, Lsn.Parse("0/1000000"))], Token);
        Lsn.Parse(await standby.QueryAsync(Position, Token)).ShouldBe(advanced);
    }

    private static NodeAddress Node(long id, Lsn lsn = default) => new(id, $"node{id}", "127.0.0.1", 5432, lsn, IsPrimary: false);
}
