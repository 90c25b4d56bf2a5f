using System.Diagnostics;
using PgAutoFailover.Postgres.Server;
using PgAutoFailover.Postgres.Tests.Instances;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Postgres.Tests.Server;

public sealed class PairTests : PostgresTest
{
    [Fact]
    public async Task A_standby_with_a_recovery_target_says_so_and_is_not_promoted()
    {
        var primary = await KeepAsync(TestInstance.PrimaryAsync(Root, 1, Token));
        var standby = await KeepAsync(primary.AddStandbyAsync(Root, 2, Token));
        await standby.Server.StopAsync(StopMode.Fast, Token);
        const string Target = "recovery_target_name = 'somewhere'\n";
        await File.AppendAllTextAsync(Path.Combine(standby.Options.PgData, "postgresql.auto.conf"), Target, Token);
        await standby.FollowAsync(primary, Token);
        (await standby.Server.ObserveAsync(Token)).RecoveryTarget.ShouldBe("", "ALTER SYSTEM's file is cleaned");

        await standby.Server.StopAsync(StopMode.Fast, Token);
        await File.AppendAllTextAsync(Path.Combine(standby.Options.PgData, "postgresql.conf"), Target, Token);
        await standby.FollowAsync(primary, Token);

        (await standby.Server.ObserveAsync(Token)).RecoveryTarget.ShouldBe("somewhere");
        (await Should.ThrowAsync<PostgresException>(() => standby.Server.StopReceivingAsync(Token))).Message.ShouldContain("\"somewhere\"");
        await Should.ThrowAsync<PostgresException>(() => standby.Server.PromoteAsync(Token));
        (await standby.Server.ObserveAsync(Token)).ShouldSatisfyAllConditions(o => o.InRecovery.ShouldBeTrue(), o => o.WalReceiver.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_standby_made_by_base_backup_streams_and_both_report_it()
    {
        var (primary, standby) = await PairAsync();

        var seen = await primary.WaitUntilAsync(o => o.WalSenders.Count == 1, Token);
        seen.InRecovery.ShouldBeFalse();
        seen.Timeline.ShouldBe(1);
        seen.WalSenders[0].ApplicationName.ShouldBe("pgautofailover_standby_2");
        seen.WalSenders[0].State.ShouldBe("streaming");
        var replica = await standby.Server.ObserveAsync(Token);
        replica.InRecovery.ShouldBeTrue();
        replica.Timeline.ShouldBe(1);
        replica.SystemIdentifier.ShouldBe(seen.SystemIdentifier);
        replica.WalReceiver.ShouldNotBeNull().Port.ShouldBe(primary.Options.Port);
    }

    [Fact]
    public async Task A_standby_stops_receiving_stays_in_recovery_and_is_then_promoted_at_once()
    {
        var (primary, standby) = await PairAsync();
        await primary.QueryAsync("create table t as select generate_series(1, 1000) i", Token);
        var end = (await primary.Server.ObserveAsync(Token)).Lsn;
        await standby.WaitUntilAsync(o => o.Lsn >= end, Token);

        await standby.Server.StopReceivingAsync(Token);

        var stopped = await standby.Server.ObserveAsync(Token);
        stopped.InRecovery.ShouldBeTrue();
        stopped.WalReceiver.ShouldBeNull();
        (await primary.WaitUntilAsync(o => o.WalSenders.Count == 0, Token)).IsReady.ShouldBeTrue();

        var start = Stopwatch.GetTimestamp();
        await standby.Server.PromoteAsync(Token);
        var elapsed = Stopwatch.GetElapsedTime(start);

        TestContext.Current.TestOutputHelper?.WriteLine($"promoted in {elapsed.TotalMilliseconds:0} ms");
        (await standby.QueryAsync("insert into t values (0) returning i", Token)).ShouldBe("0");
        var promoted = await standby.Server.ObserveAsync(Token);
        promoted.InRecovery.ShouldBeFalse();
        promoted.Timeline.ShouldBe(2);
        File.Exists(Path.Combine(standby.Options.PgData, "standby.signal")).ShouldBeFalse();
    }

    [Fact]
    public async Task Stopping_to_receive_ends_the_walreceiver_although_replay_lags_behind()
    {
        var (primary, standby) = await PairAsync();
        await standby.QueryAsync("select pg_wal_replay_pause()", Token);
        await primary.QueryAsync("create table t as select generate_series(1, 100000) i", Token);
        var end = (await primary.Server.ObserveAsync(Token)).Lsn;
        await standby.WaitUntilAsync(o => o.Lsn >= end, Token);

        await standby.Server.StopReceivingAsync(Token);

        (await standby.QueryAsync("select count(*) from t", Token)).ShouldBe("100000");
        (await standby.Server.ObserveAsync(Token)).WalReceiver.ShouldBeNull();
    }

    [Fact]
    public async Task A_primary_that_was_stopped_cleanly_follows_the_one_that_was_promoted()
    {
        var (primary, standby) = await PairAsync();
        await primary.Server.StopAsync(StopMode.Fast, Token);
        await standby.Server.StopReceivingAsync(Token);
        await standby.Server.PromoteAsync(Token);
        await standby.Server.EnsureSlotsAsync([primary.Address], Token);

        await primary.FollowAsync(standby, Token);

        var identity = await primary.Server.IdentifyAsync(standby.UpstreamFor(primary), Token);
        identity.Timeline.ShouldBe(2);
        identity.History.Count.ShouldBe(1);
        (await primary.WaitUntilAsync(o => o.Timeline == 2, Token)).InRecovery.ShouldBeTrue();
    }

    [Fact]
    public async Task A_primary_that_went_its_own_way_is_rewound_and_keeps_its_own_files()
    {
        var (primary, standby) = await PairAsync();
        await primary.Server.SetSynchronousStandbyNamesAsync("ANY 1 (pgautofailover_standby_2)", Token);
        await primary.Server.SetSynchronousStandbyNamesAsync("", Token);
        await standby.Server.StopReceivingAsync(Token);
        await standby.Server.PromoteAsync(Token);
        await primary.QueryAsync("create table lost as select 1", Token);
        await primary.Server.SetSynchronousStandbyNamesAsync("ANY 1 (pgautofailover_standby_2)", Token);
        await primary.LoseHostAsync(Token);
        await standby.Server.EnsureSlotsAsync([primary.Address], Token);
        await standby.QueryAsync("create table kept as select 1", Token);

        await primary.Server.RewindAsync(standby.UpstreamFor(primary), Token);
        await primary.FollowAsync(standby, Token);

        await primary.WaitUntilAsync(o => o.Timeline == 2, Token);
        (await primary.QueryAsync("select to_regclass('lost') is null", Token)).ShouldBe("True");
        (await primary.QueryAsync("show port", Token)).ShouldBe(primary.Options.Port.ToString());
        (await primary.Server.ObserveAsync(Token)).SynchronousStandbyNames.ShouldBe("");
    }

    [Fact]
    public async Task A_base_backup_replaces_a_cluster_that_is_there()
    {
        var (primary, standby) = await PairAsync();
        await standby.Server.StopAsync(StopMode.Fast, Token);
        await File.WriteAllTextAsync(Path.Combine(standby.Options.PgData, "leftover"), "", Token);
        Directory.CreateDirectory(standby.Options.PgData + ".old");

        await standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token);
        await standby.FollowAsync(primary, Token);

        File.Exists(Path.Combine(standby.Options.PgData, "leftover")).ShouldBeFalse();
        Directory.Exists(standby.Options.BackupDirectory).ShouldBeFalse();
        Directory.GetParent(standby.Options.BackupDirectory!)!.EnumerateFileSystemInfos().ShouldBeEmpty(); // a test instance has one
        Directory.Exists(standby.Options.PgData + ".old").ShouldBeTrue("it is the operator's");
    }

    [Fact]
    public async Task A_base_backup_leaves_the_wal_on_its_own_disk()
    {
        var (primary, standby) = await PairAsync();
        await standby.Server.StopAsync(StopMode.Fast, Token);
        var (inside, outside) = (Path.Combine(standby.Options.PgData, "pg_wal"), Path.Combine(Root, "wal"));
        Directory.Move(inside, outside);
        Directory.CreateSymbolicLink(inside, outside);

        await standby.Server.BaseBackupAsync(primary.UpstreamFor(standby), Token);
        await standby.FollowAsync(primary, Token);

        new FileInfo(inside).LinkTarget.ShouldBe(outside);
        Directory.EnumerateFiles(outside).ShouldNotBeEmpty();
    }
}
