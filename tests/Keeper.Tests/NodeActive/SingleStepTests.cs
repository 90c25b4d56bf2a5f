using PgAutoFailover.Core.Vocabulary;
using PgAutoFailover.Keeper.NodeActive;
using PgAutoFailover.Keeper.Tests.Fakes;
using Shouldly;
using Xunit;

namespace PgAutoFailover.Keeper.Tests.NodeActive;

public sealed class SingleStepTests : IAsyncDisposable
{
    private readonly KeeperRig _rig = new(NodeState.Single);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task What_the_monitor_assigns_is_carried_out_and_reported()
    {
        _rig.Monitor.Goal = NodeState.WaitPrimary;
        (await StepAsync()).ShouldBe((NodeState.Single, NodeState.WaitPrimary, true));
        _rig.Role.ShouldBe(NodeState.WaitPrimary);
        _rig.Server.IsRunning.ShouldBeTrue();
        _rig.Monitor.Reports.Select(r => r.CurrentState).ShouldBe([NodeState.Single, NodeState.WaitPrimary]);
    }

    [Fact]
    public async Task A_node_that_is_what_it_is_to_be_is_left_alone()
    {
        (await StepAsync()).ShouldBe((NodeState.Single, NodeState.Single, true));
        _rig.Server.Count("Start").ShouldBe(0);
    }

    [Fact]
    public async Task A_goal_to_which_no_transition_leads_changes_nothing()
    {
        _rig.Monitor.Goal = NodeState.Secondary;
        (await StepAsync()).ShouldBe((NodeState.Single, NodeState.Secondary, false));
        _rig.Role.ShouldBe(NodeState.Single);
    }

    private Task<(NodeState From, NodeState Goal, bool IsReached)> StepAsync() => SingleStep.RunAsync(
        new KeeperOptions { FormationId = "default", PgData = "/data", ProgramVersion = "test", Settings = _rig.Settings },
        _rig.Server,
        _rig.Monitor,
        _rig.Store,
        _rig.Log,
        _rig.Time,
        TestContext.Current.CancellationToken);
}
