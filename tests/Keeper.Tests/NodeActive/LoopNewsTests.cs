using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Tests.Fakes;
using PgAutoFailover.Postgres.Server;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.NodeActive;

public sealed class LoopNewsTests
{
    [Fact]
    public async Task A_PostgreSQL_that_was_asked_to_stop_is_no_warning_and_one_that_died_is()
    {
        await using var rig = new KeeperRig(NodeState.Primary) { Server = { IsRunning = true } };
        rig.Start();
        await rig.UntilAsync(() => rig.Monitor.Reports.Count > 2, "runs");

        rig.Server.Crash();
        await rig.UntilAsync(() => rig.Log.Has("Warning: PostgreSQL does not accept sessions any more"), "died");

        await rig.UntilAsync(() => rig.Server.IsRunning && rig.Status is { Observation.IsReady: true }, "runs again");
        rig.Monitor.Assign(NodeState.Demoted);
        await rig.UntilAsync(() => rig.Log.Has("Information: PostgreSQL does not accept sessions any more (Down): it is being stopped"), "was stopped");
    }

    [Fact]
    public async Task A_receiver_that_has_just_begun_is_no_news_and_one_that_goes_on_to_write_nothing_is()
    {
        var writing = new WalReceiver(Streaming: true, "localhost", 5502, 1, TimeSpan.Zero);
        await using var rig = new KeeperRig(NodeState.Secondary) { Server = { IsRunning = true, InRecovery = true } };
        rig.Server.WalReceiver = writing with { WritesNothing = true };
        rig.Start();
        await rig.UntilAsync(() => rig.Status is { Observation.WalReceiver.WritesNothing: true }, "it is seen once");
        rig.Server.WalReceiver = writing;
        await rig.PassAsync(TimeSpan.FromSeconds(3));
        rig.Log.Has("writes none of it").ShouldBeFalse();

        rig.Server.WalReceiver = writing with { WritesNothing = true };
        await rig.UntilAsync(() => rig.Log.Has("writes none of it"), "it is told");
    }
}
