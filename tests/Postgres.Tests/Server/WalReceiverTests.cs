using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Server;

/// <summary>
/// Whether a walreceiver writes what it receives. One that does not ends within a moment, too short to be looked at; so PostgreSQL's view is given the
/// rows that it then has.
/// </summary>
public sealed class WalReceiverTests : PostgresTest
{
    [Theory]
    [InlineData("null", "0/3000000", "0/3000060", true)]
    [InlineData("null", "0/3000060", "0/3000060", false)]
    [InlineData("null", "0/3000000", "null", false)]
    [InlineData("0/3000060", "0/3000000", "0/3000060", false)]
    public async Task It_writes_nothing_while_it_was_sent_more_than_it_has_and_has_written_none_of_it(string written, string flushed, string sent, bool writesNothing)
    {
        var instance = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        await instance.QueryAsync(
            $"""
            set allow_system_table_mods = on;
            create table public.receiver as select * from pg_stat_wal_receiver with no data;
            create or replace view pg_catalog.pg_stat_wal_receiver as select * from public.receiver;
            insert into public.receiver (pid, status, written_lsn, flushed_lsn, latest_end_lsn)
                 values (1, 'streaming', {Literal(written)}, {Literal(flushed)}, {Literal(sent)});
            """,
            Token);

        (await instance.Server.ObserveAsync(Token)).WalReceiver.ShouldNotBeNull().WritesNothing.ShouldBe(writesNothing);
    }

    private static string Literal(string lsn) => lsn == "null" ? lsn : $"'{lsn}'";
}
