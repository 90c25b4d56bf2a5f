using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.ByHand;

public sealed class NoMonitorTests : IDisposable
{
    private readonly HandFiles _hand = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _hand.Dispose();

    [Fact]
    public async Task A_node_stays_what_it_is_until_it_is_told_otherwise_and_that_is_remembered()
    {
        Remember(NodeState.Secondary);
        (await GoalAsync(NodeState.Secondary)).ShouldBe(NodeState.Secondary);

        _hand.Goal.Ask(NodeState.PreparePromotion);
        (await GoalAsync(NodeState.Secondary)).ShouldBe(NodeState.PreparePromotion);
        _hand.Disk.State!.AssignedRole.ShouldBe(NodeState.PreparePromotion);

        _hand.BeginNewLife();
        (await GoalAsync(NodeState.Secondary)).ShouldBe(NodeState.PreparePromotion);
    }

    [Fact]
    public async Task What_the_keeper_saves_does_not_overwrite_what_it_was_told_meanwhile()
    {
        Remember(NodeState.CatchingUp);
        _hand.Goal.Ask(NodeState.Secondary);
        await GoalAsync(NodeState.CatchingUp);
        _hand.State.Save(_hand.Disk.State! with { CurrentRole = NodeState.CatchingUp, AssignedRole = NodeState.CatchingUp, NodesVersion = 3 });
        _hand.Disk.State!.ShouldSatisfyAllConditions(s => s.AssignedRole.ShouldBe(NodeState.Secondary), s => s.NodesVersion.ShouldBe(3));
    }

    [Fact]
    public async Task A_goal_that_is_given_while_another_one_is_taken_is_not_lost()
    {
        Remember(NodeState.Secondary);
        _hand.Goal.Ask(NodeState.CatchingUp);
        _hand.Goal.Take().ShouldBe(NodeState.CatchingUp);
        _hand.Goal.Ask(NodeState.Maintenance);
        _hand.Goal.Forget();
        (await GoalAsync(NodeState.Secondary)).ShouldBe(NodeState.Maintenance);
    }

    [Fact]
    public async Task One_that_was_taken_by_a_process_that_ended_too_early_is_taken_again()
    {
        Remember(NodeState.Secondary);
        _hand.Goal.Ask(NodeState.CatchingUp);
        _hand.Goal.Take();
        _hand.BeginNewLife();
        (await GoalAsync(NodeState.Secondary)).ShouldBe(NodeState.CatchingUp);
    }

    [Fact]
    public async Task Once_the_node_is_registered_nothing_is_written_and_nothing_assigned()
    {
        var registered = new KeeperState { CurrentRole = NodeState.WaitStandby, AssignedRole = NodeState.CatchingUp, NodeId = 9 };
        _hand.Disk.Save(registered);
        _hand.Goal.Ask(NodeState.Primary);
        (await GoalAsync(NodeState.Secondary)).ShouldBe(NodeState.Secondary);
        _hand.State.Save(registered with { NodeId = 1 });
        _hand.State.Delete();
        _hand.Disk.State.ShouldBe(registered);
    }

    [Fact]
    public async Task A_primary_that_comes_back_is_not_let_lead_while_another_node_takes_writes()
    {
        Remember(NodeState.Primary);
        _hand.Nodes.Save([HandFiles.Node(1, isPrimary: true), HandFiles.Node(2)]);
        _hand.Writable.Add(2);
        (await Should.ThrowAsync<MonitorException>(() => GoalAsync(NodeState.Primary))).Message.ShouldContain("node 2");

        _hand.Goal.Ask(NodeState.Demoted);
        (await GoalAsync(NodeState.Primary)).ShouldBe(NodeState.Demoted);

        _hand.Goal.Ask(NodeState.Primary);
        _hand.Writable.Clear();
        (await GoalAsync(NodeState.Primary)).ShouldBe(NodeState.Primary);
    }

    [Fact]
    public async Task The_list_says_who_the_others_are_and_whom_to_follow()
    {
        Remember(NodeState.Secondary);
        _hand.Monitor.KnowsNodes.ShouldBeFalse();
        await Should.ThrowAsync<MonitorException>(() => _hand.Monitor.GetOtherNodesAsync(1, Token));

        _hand.Nodes.Save([HandFiles.Node(1, lsn: 0x20), HandFiles.Node(2, isPrimary: true, lsn: 0x30), HandFiles.Node(3, lsn: 0x08), HandFiles.Node(4, lsn: 0x18)]);
        _hand.Monitor.KnowsNodes.ShouldBeTrue();
        (await _hand.Monitor.GetOtherNodesAsync(1, Token)).Select(n => n.NodeId).ShouldBe([2L, 3L, 4L]);
        (await _hand.Monitor.GetPrimaryAsync("default", 0, Token)).ShouldBe(HandFiles.Node(2, isPrimary: true, lsn: 0x30));
        (await _hand.Monitor.GetSynchronousStandbyNamesAsync("default", 0, 2, Token))
            .ShouldBe("ANY 1 (pgautofailover_standby_1, pgautofailover_standby_3, pgautofailover_standby_4)");
        await GoalAsync(NodeState.Secondary);
        (await _hand.Monitor.GetStandbysAheadAsync("default", 0, 1, Token)).Select(n => n.NodeId).ShouldBe([4L]);
    }

    [Fact]
    public async Task A_list_that_names_nobody_to_follow_or_to_wait_for_is_no_answer()
    {
        Remember(NodeState.Secondary);
        _hand.Nodes.Save([HandFiles.Node(1)]);
        (await Should.ThrowAsync<MonitorException>(() => _hand.Monitor.GetPrimaryAsync("default", 0, Token))).Message.ShouldContain("no primary");
        await Should.ThrowAsync<MonitorException>(() => _hand.Monitor.GetSynchronousStandbyNamesAsync("default", 0, 1, Token));
        _hand.Nodes.Save([HandFiles.Node(1, isPrimary: true)]);
        (await Should.ThrowAsync<MonitorException>(() => _hand.Monitor.GetPrimaryAsync("default", 0, Token))).Message.ShouldContain("itself");
    }

    [Fact]
    public async Task A_keeper_goes_where_it_is_told_at_once()
    {
        Remember(NodeState.Single);
        var (server, log) = (new FakeServer { IsRunning = true }, new LogBook());
        using var service = new NodeActiveService(
            new KeeperOptions
            {
                FormationId = "default",
                PgData = "/data",
                ProgramVersion = "test",
                HasNoMonitor = true,
                Settings = new KeeperSettings { Name = "node1", Host = "localhost", Port = 5501 },
            },
            server,
            _hand.Monitor,
            _hand.State,
            log,
            TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = service.RunAsync(stop.Token);
        _hand.Goal.Ask(NodeState.WaitPrimary);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_hand.Disk.State!.CurrentRole != NodeState.WaitPrimary)
        {
            await Task.Delay(5, limit.Token);
        }

        // Nobody has said who the others are: that is no reason to drop the slots of standbys.
        server.Count("EnsureSlots").ShouldBe(0);
        _hand.Disk.State!.LastMonitorContact.ShouldBeNull();
        log.ToString().ShouldContain("by hand");
        await stop.CancelAsync();
        await run;
    }

    private async Task<NodeState> GoalAsync(NodeState current) => (await _hand.Monitor.NodeActiveAsync(HandFiles.Report(current), Token)).Goal;

    private void Remember(NodeState state)
    {
        _hand.Disk.Save(new KeeperState { CurrentRole = state, AssignedRole = state, NodeId = 1, SystemIdentifier = 42, IsDetached = true });
        _hand.BeginNewLife();
    }
}
