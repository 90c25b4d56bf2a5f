using PgAutoFailover.Core.Messages;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Contracts;

/// <summary>A server on a bench, and what its surroundings know of it.</summary>
public interface IBenchServer
{
    IPostgresServer Server { get; }

    NodeAddress Address { get; }

    /// <summary>A client writes; returns when the write has been flushed, acknowledged or not.</summary>
    Task WriteAsync();
}

/// <summary>Where servers are made: real ones in temporary directories, or simulated ones.</summary>
public interface IServerBench
{
    CancellationToken Token { get; }

    /// <summary>A running primary, which lets the nodes 1 to 3 in.</summary>
    Task<IBenchServer> PrimaryAsync(long nodeId);

    /// <summary>A server without a data directory.</summary>
    IBenchServer Absent(long nodeId);

    Task DelayAsync(TimeSpan delay);
}

/// <summary>
/// What the keeper relies on in every <see cref="IPostgresServer"/>. The real one and the simulated one pass the same tests: otherwise what the
/// simulator proves would be about something else.
/// </summary>
public abstract class ServerContract
{
    private const string Names = "ANY 1 (pgautofailover_standby_2)";

    [Fact]
    public Task A_standby_made_by_base_backup_streams_and_both_report_it() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);

        var seen = await UntilAsync(bench, primary, o => o.WalSenders.Count == 1);
        seen.InRecovery.ShouldBeFalse();
        seen.Timeline.ShouldBe(1);
        seen.WalSenders[0].ApplicationName.ShouldBe("pgautofailover_standby_2");
        seen.WalSenders[0].SyncState.ShouldBe("async");
        var replica = await standby.Server.ObserveAsync(bench.Token);
        replica.InRecovery.ShouldBeTrue();
        replica.Timeline.ShouldBe(1);
        replica.SystemIdentifier.ShouldBe(seen.SystemIdentifier);
        replica.WalReceiver.ShouldNotBeNull().Port.ShouldBe(primary.Address.Port);
    });

    [Fact]
    public Task A_standby_that_stops_receiving_stays_in_recovery_and_takes_writes_when_promoted() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);
        await primary.WriteAsync();
        var end = (await primary.Server.ObserveAsync(bench.Token)).Lsn;
        await UntilAsync(bench, standby, o => o.Lsn >= end);

        await standby.Server.StopReceivingAsync(bench.Token);

        var stopped = await standby.Server.ObserveAsync(bench.Token);
        stopped.InRecovery.ShouldBeTrue();
        stopped.WalReceiver.ShouldBeNull();
        await UntilAsync(bench, primary, o => o.WalSenders.Count == 0);

        await standby.Server.PromoteAsync(bench.Token);

        var promoted = await standby.Server.ObserveAsync(bench.Token);
        promoted.InRecovery.ShouldBeFalse();
        promoted.Timeline.ShouldBe(2);
        (promoted.Lsn >= end).ShouldBeTrue();
    });

    [Fact]
    public Task A_primary_that_was_stopped_cleanly_follows_the_one_that_was_promoted() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);
        await primary.Server.StopAsync(StopMode.Fast, bench.Token);
        (await primary.Server.ReadControlDataAsync(bench.Token)).State.ShouldBe("shut down");
        await standby.Server.StopReceivingAsync(bench.Token);
        await standby.Server.PromoteAsync(bench.Token);
        await standby.Server.EnsureSlotsAsync([primary.Address], bench.Token);

        await FollowAsync(bench, primary, standby);

        var identity = await primary.Server.IdentifyAsync(From(standby, primary), bench.Token);
        identity.Timeline.ShouldBe(2);
        identity.History.Count.ShouldBe(1);
        (await UntilAsync(bench, primary, o => o.Timeline == 2)).InRecovery.ShouldBeTrue();
    });

    [Fact]
    public Task A_primary_that_went_its_own_way_is_rewound() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);
        await standby.Server.StopReceivingAsync(bench.Token);
        await standby.Server.PromoteAsync(bench.Token);
        await primary.WriteAsync();
        await primary.Server.SetSynchronousStandbyNamesAsync(Names, bench.Token);
        await primary.Server.StopAsync(StopMode.Immediate, bench.Token);
        (await primary.Server.ReadControlDataAsync(bench.Token)).State.ShouldBe("in production");
        await standby.Server.EnsureSlotsAsync([primary.Address], bench.Token);
        await standby.WriteAsync();

        await primary.Server.RewindAsync(From(standby, primary), bench.Token);
        await FollowAsync(bench, primary, standby);

        var seen = await UntilAsync(bench, primary, o => o.Timeline == 2);
        seen.InRecovery.ShouldBeTrue();
        seen.SynchronousStandbyNames.ShouldBe("");
    });

    [Fact]
    public Task Two_timelines_of_one_number_are_told_apart() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);
        await primary.WriteAsync();
        var end = (await primary.Server.ObserveAsync(bench.Token)).Lsn;
        var copy = await UntilAsync(bench, standby, o => o.Lsn >= end);
        (await SharesAsync(bench, standby, primary, copy.Timeline, copy.Lsn)).ShouldBe(true);

        // Two go on from the same point without knowing of each other.
        var third = bench.Absent(3);
        await primary.Server.EnsureHbaAsync(monitorHosts: [], [standby.Address, third.Address], bench.Token);
        await primary.Server.EnsureSlotsAsync([standby.Address, third.Address], bench.Token);
        await third.Server.BaseBackupAsync(From(primary, third), bench.Token);
        await FollowAsync(bench, third, primary);
        await primary.Server.StopAsync(StopMode.Fast, bench.Token);
        await standby.Server.EnsureHbaAsync(monitorHosts: [], [primary.Address, third.Address], bench.Token);
        await standby.Server.StopReceivingAsync(bench.Token);
        await third.Server.StopReceivingAsync(bench.Token);
        await standby.Server.PromoteAsync(bench.Token);
        await bench.DelayAsync(TimeSpan.FromSeconds(1.1)); // the record with which a timeline begins says when, in seconds
        await third.Server.PromoteAsync(bench.Token);
        await third.WriteAsync();
        await standby.WriteAsync();
        await third.Server.StopAsync(StopMode.Fast, bench.Token);
        var twin = await third.Server.ReadControlDataAsync(bench.Token);
        twin.Timeline.ShouldBe(2);
        (await SharesAsync(bench, third, standby, twin.Timeline, twin.LatestCheckpoint)).ShouldBe(false);

        // Of timeline 1 they have the same.
        await standby.Server.EnsureSlotsAsync([primary.Address], bench.Token);
        var old = await primary.Server.ReadControlDataAsync(bench.Token);
        (await SharesAsync(bench, primary, standby, old.Timeline, old.LatestCheckpoint)).ShouldBe(true);
        await FollowAsync(bench, primary, standby);
        var reached = (await standby.Server.ObserveAsync(bench.Token)).Lsn;
        var followed = await UntilAsync(bench, primary, o => o.Timeline == 2 && o.Lsn >= reached);
        (await SharesAsync(bench, primary, standby, followed.Timeline, followed.Lsn)).ShouldBe(true);
    });

    [Fact]
    public Task A_base_backup_replaces_a_cluster_that_is_there() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);
        await standby.Server.StopAsync(StopMode.Fast, bench.Token);
        (await standby.Server.ReadControlDataAsync(bench.Token)).State.ShouldBe("shut down in recovery");

        await standby.Server.BaseBackupAsync(From(primary, standby), bench.Token);
        standby.Server.IsRunning.ShouldBeFalse();
        await FollowAsync(bench, standby, primary);

        (await standby.Server.ObserveAsync(bench.Token)).InRecovery.ShouldBeTrue();
    });

    [Fact]
    public Task A_listed_standby_counts_and_the_value_is_in_force_when_the_call_returns() => RunAsync(async bench =>
    {
        var (primary, _) = await PairAsync(bench);

        await primary.Server.SetSynchronousStandbyNamesAsync(Names, bench.Token);

        var seen = await primary.Server.ObserveAsync(bench.Token);
        seen.SynchronousStandbyNames.ShouldBe(Names);
        (await UntilAsync(bench, primary, o => o.WalSenders is [{ SyncState: "quorum" }])).WalSenders[0].State.ShouldBe("streaming");
        await primary.WriteAsync();
        var end = (await primary.Server.ObserveAsync(bench.Token)).Lsn;
        await UntilAsync(bench, primary, o => o.WalSenders is [{ } sender] && sender.FlushLsn >= end);
    });

    [Fact]
    public Task A_restart_keeps_what_a_server_was() => RunAsync(async bench =>
    {
        var (primary, standby) = await PairAsync(bench);
        await primary.Server.SetSynchronousStandbyNamesAsync(Names, bench.Token);

        await primary.Server.RestartAsync(bench.Token);
        await standby.Server.RestartAsync(bench.Token);

        var seen = await primary.Server.ObserveAsync(bench.Token);
        (seen.InRecovery, seen.SynchronousStandbyNames).ShouldBe((false, Names));
        (await UntilAsync(bench, standby, o => o.WalReceiver is { Streaming: true })).InRecovery.ShouldBeTrue();
    });

    /// <summary>Runs a scenario on a bench of the implementation.</summary>
    protected abstract Task RunAsync(Func<IServerBench, Task> scenario);

    private static async Task<(IBenchServer Primary, IBenchServer Standby)> PairAsync(IServerBench bench)
    {
        var primary = await bench.PrimaryAsync(1);
        var standby = bench.Absent(2);
        standby.Server.DataDirectoryExists.ShouldBeFalse();
        await primary.Server.EnsureHbaAsync(monitorHosts: [], [standby.Address], bench.Token);
        await primary.Server.EnsureSlotsAsync([standby.Address], bench.Token);
        await standby.Server.BaseBackupAsync(From(primary, standby), bench.Token);
        standby.Server.DataDirectoryExists.ShouldBeTrue();
        await FollowAsync(bench, standby, primary);
        return (primary, standby);
    }

    private static async Task FollowAsync(IServerBench bench, IBenchServer standby, IBenchServer primary)
    {
        await standby.Server.WriteStandbySettingsAsync(From(primary, standby), bench.Token);
        await standby.Server.WriteSettingsAsync(bench.Token);
        await standby.Server.StartAsync(bench.Token);
        await standby.Server.EnsureHbaAsync(monitorHosts: [], [primary.Address], bench.Token);
        await UntilAsync(bench, standby, o => o.WalReceiver is { Streaming: true });
    }

    private static async Task<bool?> SharesAsync(IServerBench bench, IBenchServer server, IBenchServer upstream, int timeline, Lsn end)
    {
        var identity = await server.Server.IdentifyAsync(From(upstream, server), bench.Token);
        return await server.Server.SharesWalAsync(From(upstream, server), identity, timeline, end, bench.Token);
    }

    private static Upstream From(IBenchServer upstream, IBenchServer own) =>
        new(upstream.Address.NodeId, upstream.Address.Name, upstream.Address.Host, upstream.Address.Port, own.Address.NodeId);

    private static async Task<PostgresObservation> UntilAsync(IServerBench bench, IBenchServer server, Func<PostgresObservation, bool> condition)
    {
        PostgresObservation? seen = null;
        for (var look = 0; look < 3000; look++)
        {
            seen = await server.Server.ObserveAsync(bench.Token);
            if (condition(seen))
            {
                return seen;
            }

            await bench.DelayAsync(TimeSpan.FromMilliseconds(20));
        }

        throw new TimeoutException($"the last look was {seen}");
    }
}
