using Microsoft.Extensions.Logging.Abstractions;
using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.Creation;
using PgAutoFailover.Keeper.Monitor;
using PgAutoFailover.Keeper.State;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.Creation;

public sealed class KeeperCreationTests : IAsyncDisposable
{
    private readonly KeeperRig _rig = new(NodeState.Unknown);

    public KeeperCreationTests()
    {
        _rig.Store.Delete();
        _rig.Server.DataDirectoryExists = false;
        _rig.Monitor.Goal = NodeState.Single;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_new_node_is_registered_as_init_and_remembered()
    {
        var node = await CreateAsync();
        node.ShouldBe(new CreatedNode(1, 0, "node1", IsNew: true, IsInitialized: false));
        _rig.Monitor.Registered.Single().Reported.ShouldBe(NodeState.Init);
        _rig.Store.State!.AssignedRole.ShouldBe(NodeState.Single);
        _rig.Store.Init!.Origin.ShouldBe(PgDataOrigin.Absent);
    }

    [Fact]
    public async Task A_running_primary_is_adopted_as_single()
    {
        (_rig.Server.DataDirectoryExists, _rig.Server.IsRunning) = (true, true);
        await CreateAsync();
        _rig.Monitor.Registered.Single().Reported.ShouldBe(NodeState.Single);
        _rig.Store.Init!.Origin.ShouldBe(PgDataOrigin.RunningPrimary);
    }

    [Fact]
    public async Task A_running_standby_is_refused_and_nothing_is_left_behind()
    {
        (_rig.Server.DataDirectoryExists, _rig.Server.IsRunning, _rig.Server.InRecovery) = (true, true, true);
        await Should.ThrowAsync<CreationException>(() => CreateAsync());
        _rig.Store.Init.ShouldBeNull();
        _rig.Monitor.Registered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_standby_whose_monitor_was_disabled_is_registered_anew_whatever_its_state_file_says()
    {
        (_rig.Server.DataDirectoryExists, _rig.Server.IsRunning, _rig.Server.InRecovery) = (true, true, true);
        _rig.Store.Save(new KeeperState { CurrentRole = NodeState.Secondary, NodeId = 1, IsDetached = true });
        _rig.Monitor.Goal = NodeState.WaitStandby;
        await CreateAsync(isNodeAlready: true);
        _rig.Monitor.Registered.Single().Reported.ShouldBe(NodeState.WaitStandby);
        _rig.Store.State!.ShouldSatisfyAllConditions(s => s.CurrentRole.ShouldBe(NodeState.WaitStandby), s => s.IsDetached.ShouldBeFalse());
        _rig.Store.Init!.Origin.ShouldBe(PgDataOrigin.RunningStandby);
    }

    [Fact]
    public async Task A_creation_whose_files_were_lost_while_it_waited_goes_on_to_copy()
    {
        _rig.Monitor.Goal = NodeState.CatchingUp;
        await CreateAsync();
        _rig.Store.State!.CurrentRole.ShouldBe(NodeState.WaitStandby);
    }

    [Fact]
    public async Task A_registration_that_has_to_wait_is_tried_again()
    {
        _rig.Monitor.Refusals.Enqueue(new MonitorException("no primary yet") { SqlState = MonitorException.ObjectInUse });
        _rig.Monitor.Refusals.Enqueue(FakeMonitor.Unreachable());
        var creating = CreateAsync();
        await _rig.UntilAsync(() => creating.IsCompleted, "is registered");
        (await creating).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_leaves_nothing_behind()
    {
        _rig.Monitor.Refusals.Enqueue(new MonitorException("formation \"x\" does not exist") { SqlState = "42P17" });
        (await Should.ThrowAsync<MonitorException>(() => CreateAsync())).Message.ShouldContain("does not exist");
        _rig.Store.State.ShouldBeNull();
        _rig.Store.Init.ShouldBeNull();
    }

    [Fact]
    public async Task Creating_twice_is_creating_once()
    {
        await CreateAsync();
        var again = await CreateAsync();
        again.ShouldBe(new CreatedNode(1, 0, "node1", IsNew: false, IsInitialized: false));
        _rig.Monitor.Registered.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_interrupted_registration_is_sent_again_by_its_name()
    {
        _rig.Monitor.Failure = FakeMonitor.Unreachable();
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var creating = CreateAsync(cancellationToken: killed.Token);
        await killed.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => creating);
        var name = _rig.Store.Init!.RegistrationId.ShouldNotBeNull();

        _rig.Monitor.Failure = null;
        await CreateAsync();
        _rig.Monitor.Registrations.Single().RegistrationId.ShouldBe(name);
        _rig.Store.State!.RegistrationId.ShouldBe(name);
    }

    [Fact]
    public async Task A_creation_at_another_monitor_that_was_interrupted_is_carried_on_there()
    {
        await CreateAsync();
        var before = _rig.Store.State!.RegistrationId;
        _rig.Store.SaveInit(new InitRecord { Origin = PgDataOrigin.Stopped, RegistrationId = "of another one" });
        (await CreateAsync()).IsNew.ShouldBeTrue();
        _rig.Store.State!.RegistrationId.ShouldBe("of another one");
        before.ShouldNotBe("of another one");
    }

    [Fact]
    public async Task The_place_of_another_node_is_not_taken()
    {
        _rig.Monitor.Refusals.Enqueue(new MonitorException("duplicate key") { SqlState = "23505", Detail = "node 5 is registered already" });
        (await Should.ThrowAsync<MonitorException>(() => CreateAsync())).Detail!.ShouldContain("node 5");
        _rig.Store.State.ShouldBeNull();
        _rig.Store.Init.ShouldBeNull();
    }

    [Fact]
    public async Task A_node_that_was_dropped_is_registered_again()
    {
        await CreateAsync();
        _rig.Store.DeleteInit();
        _rig.Monitor.Registered.Clear();
        var again = await CreateAsync();
        again.IsNew.ShouldBeTrue();
        _rig.Store.State!.CurrentRole.ShouldBe(NodeState.Init);
        _rig.Monitor.Registrations.Select(r => r.RegistrationId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_another_monitor_has_under_the_same_id_is_somebody_else()
    {
        await CreateAsync();
        _rig.Monitor.Registered.Clear();
        _rig.Monitor.Registered.Add(new(1, 0, "node3", "elsewhere", 5501, NodeState.Primary, NodeState.Primary));
        (await CreateAsync()).IsNew.ShouldBeTrue();
        _rig.Monitor.Registered.ShouldContain(n => n.Name == "node1");
    }

    [Fact]
    public async Task A_node_that_is_registered_at_another_address_is_not_moved_by_its_creation()
    {
        await CreateAsync();
        var own = _rig.Monitor.Registered.Single();
        _rig.Monitor.Registered[0] = own with { Port = 5502 };
        var refusal = await Should.ThrowAsync<CreationException>(() => CreateAsync());
        refusal.Message.ShouldContain("localhost:5502, not at localhost:5501");
        refusal.Hint.ShouldNotBeNull().ShouldContain("create postgres --name");
        _rig.Store.State!.NodeId.ShouldBe(own.NodeId);
    }

    [Fact]
    public async Task The_loop_of_a_creation_ends_when_the_monitor_knows_that_the_node_is_made()
    {
        await using var rig = new KeeperRig(NodeState.Init) { StopWhenInitialized = true };
        rig.Server.DataDirectoryExists = false;
        rig.Store.SaveInit(new InitRecord { Origin = PgDataOrigin.Absent });
        rig.Monitor.Goal = NodeState.Single;
        rig.Start();
        await rig.UntilAsync(() => rig.Run.IsCompleted, "ends");
        (await rig.Run).ShouldBe(KeeperOutcome.Initialized);
        rig.Monitor.LastReport!.CurrentState.ShouldBe(NodeState.Single);
        rig.Store.Init.ShouldBeNull();
        rig.Server.Calls.ShouldContain("InitDb");
    }

    [Fact]
    public async Task A_directory_that_was_there_before_is_never_overwritten_by_a_copy()
    {
        await using var rig = new KeeperRig(NodeState.WaitStandby);
        rig.Store.SaveInit(new InitRecord { Origin = PgDataOrigin.Stopped });
        rig.Monitor.Goal = NodeState.CatchingUp;
        rig.Start();
        await rig.UntilAsync(() => rig.Role == NodeState.CatchingUp, "follows");
        rig.Server.Calls.ShouldNotContain("BaseBackup");
    }

    [Fact]
    public async Task A_directory_that_is_on_another_timeline_of_the_same_number_is_left_alone()
    {
        await using var rig = new KeeperRig(NodeState.WaitStandby);
        rig.Store.SaveInit(new InitRecord { Origin = PgDataOrigin.Stopped });
        (rig.Server.IsRunning, rig.Server.SharesWal) = (false, false);
        rig.Monitor.Goal = NodeState.CatchingUp;
        rig.Start();
        await rig.UntilAsync(() => rig.Log.Has("is not the upstream's"), "says why");
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        rig.Role.ShouldBe(NodeState.WaitStandby);
        rig.Server.Calls.ShouldNotContain("Rewind");
        rig.Server.Calls.ShouldNotContain("BaseBackup");
        rig.Server.Calls.ShouldNotContain("Start");
    }

    private Task<CreatedNode> CreateAsync(bool isNodeAlready = false, CancellationToken? cancellationToken = null) => new KeeperCreation(
        new CreationOptions { FormationId = "default", Name = "node1", Host = "localhost", Port = 5501, DbName = "postgres", PgData = "/data", IsNodeAlready = isNodeAlready },
        _rig.Server, _rig.Monitor, _rig.Store, NullLogger<KeeperCreation>.Instance, _rig.Time).RunAsync(cancellationToken ?? Token);
}
