using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Tests.Fakes;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Steps;

public sealed class RejoinStandbyTests
{
    [Fact]
    public async Task Where_the_timelines_allow_it_nothing_is_rewound_or_copied()
    {
        await using var rig = Demoted();
        await RejoinAsync(rig);
        rig.Server.Calls.ShouldNotContain("Rewind");
        rig.Server.Calls.ShouldNotContain("BaseBackup");
        rig.Log.Has("starting as its standby").ShouldBeTrue();
    }

    [Theory]
    [InlineData("shut down")]
    [InlineData("in production")]
    public async Task What_is_on_another_timeline_of_the_same_number_is_neither_started_nor_rewound(string state)
    {
        await using var rig = Demoted();
        rig.Server.Control = rig.Server.Control with { State = state };
        rig.Server.SharesWal = false;
        await RejoinAsync(rig);
        rig.Server.Calls.ShouldContain("BaseBackup");
        rig.Server.Calls.ShouldNotContain("Rewind");
        rig.Log.Has("its WAL on timeline 1 is not the upstream's").ShouldBeTrue();
    }

    [Fact]
    public async Task What_diverged_is_rewound_and_loses_its_slots()
    {
        await using var rig = Demoted();
        rig.Server.Control = rig.Server.Control with { State = "in production" };
        await RejoinAsync(rig);
        rig.Server.Calls.ShouldContain("Rewind");
        rig.Server.Calls.ShouldContain("DropSlots");
        rig.Server.Calls.ShouldNotContain("BaseBackup");
        rig.Log.Has("not shut down cleanly").ShouldBeTrue();
    }

    [Fact]
    public async Task What_cannot_be_rewound_is_copied()
    {
        await using var rig = Demoted();
        rig.Server.Control = rig.Server.Control with { State = "in production" };
        rig.Server.Fail("Rewind", "could not find previous WAL record");
        await RejoinAsync(rig);
        rig.Server.Calls.ShouldContain("BaseBackup");
        rig.Log.Has("could not find previous WAL record").ShouldBeTrue();
    }

    [Fact]
    public async Task Another_cluster_is_left_alone()
    {
        await using var rig = Demoted();
        rig.Server.Control = rig.Server.Control with { SystemIdentifier = 43 };
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Log.Has("system identifier"), "says why");
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        rig.Role.ShouldBe(NodeState.Demoted);
        rig.Server.Calls.ShouldNotContain("Rewind");
        rig.Server.Calls.ShouldNotContain("BaseBackup");
    }

    [Fact]
    public async Task A_copy_that_is_complete_is_not_made_again_because_PostgreSQL_did_not_start()
    {
        await using var rig = Demoted();
        rig.Store.Save(rig.Store.State! with { RewritingPgData = true });
        rig.Server.Fail("Start", "the port is taken");
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Server.Count("Start") >= 3, "tries to start");
        rig.Server.Heal("Start");
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "catches up");
        rig.Server.Count("BaseBackup").ShouldBe(1);
    }

    [Fact]
    public async Task A_standby_whose_data_directory_is_gone_is_copied_anew()
    {
        await using var rig = new KeeperRig(NodeState.Secondary) { Server = { DataDirectoryExists = false } };
        await RejoinAsync(rig);
        rig.Server.Calls.ShouldContain("BaseBackup");
        rig.Log.Has("there is no data directory").ShouldBeTrue();
    }

    [Fact]
    public async Task What_came_from_the_upstream_of_before_until_that_was_left_is_rewound()
    {
        await using var rig = new KeeperRig(NodeState.Secondary)
        {
            Server =
            {
                IsRunning = true,
                InRecovery = true,
                WalReceiver = new(Streaming: true, "node3", 5432, Timeline: 1, TimeSpan.Zero),
                Identity = new UpstreamIdentity(42, 2, new Lsn(0x5000000), [(1, new Lsn(0x3001000))]),
            },
        };
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Server.WrittenUpstream is { NodeId: 2 }, "is pointed at the new upstream");
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        rig.Role.ShouldBe(NodeState.Secondary, "it still receives from the other one");
        rig.Server.Lsn = new Lsn(0x3002000);
        rig.Server.WalReceiver = null;
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "catches up");
        rig.Server.Calls.ShouldContain("Rewind");
    }

    [Fact]
    public async Task A_server_that_does_not_leave_its_upstream_of_before_is_named_and_told_again()
    {
        await using var rig = new KeeperRig(NodeState.Secondary)
        {
            Server = { IsRunning = true, InRecovery = true, WalReceiver = new(Streaming: true, "node3", 5432, Timeline: 1, TimeSpan.Zero) },
        };
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Log.Has("PostgreSQL still receives from node3:5432, 10 s after"), "says so");
        rig.Role.ShouldBe(NodeState.Secondary);
        rig.Server.WalReceiver = null;
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "catches up");
    }

    private static async Task RejoinAsync(KeeperRig rig)
    {
        rig.Start();
        rig.Monitor.Goal = NodeState.CatchingUp;
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "catches up");
        rig.Server.WrittenUpstream!.NodeId.ShouldBe(2);
    }

    private static KeeperRig Demoted() => new(NodeState.Demoted)
    {
        Server = { Identity = new UpstreamIdentity(42, 2, new Lsn(0x5000000), [(1, new Lsn(0x3001000))]) },
    };
}
